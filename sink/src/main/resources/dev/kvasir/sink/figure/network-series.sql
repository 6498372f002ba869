concat_ws('-', nullif(coalesce(bandwidth_gbps::BIGINT || 'g', ''), ''),
    CASE traffic_direction WHEN 'east_west' THEN 'EW' WHEN 'north_south' THEN 'NS'
      ELSE traffic_direction END, 'arcc ' || arcc)
