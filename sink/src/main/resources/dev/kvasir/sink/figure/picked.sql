WITH picked AS (
  SELECT * FROM {{runs}} WHERE scope = '{{scope}}' AND {{where}}
),
{{run}}
