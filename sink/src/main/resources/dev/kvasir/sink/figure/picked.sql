WITH picked AS (
  SELECT * FROM figure_runs WHERE scope = '{{scope}}' AND {{where}}
),
{{run}}
