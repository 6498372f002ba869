interval95(list(({{scale}}({{y}}))::DOUBLE)).mean AS y,
  interval95(list(({{scale}}({{y}}))::DOUBLE)).low AS low,
  interval95(list(({{scale}}({{y}}))::DOUBLE)).high AS high,
  interval95(list(({{scale}}({{y}}))::DOUBLE)).std AS std,
  count(*) AS n, bool_or(NOT usable OR ({{censored}})) AS hollow
