# Runs a server in a session of its own, and ends all of it when standard input does: its other end
# is held by the generator, so that it ends too when the generator is killed. Exits as the server did.
#
#   sh -c SCRIPT kvasir-watchdog MARK GRACE STOP COMMAND...
#
# MARK   value of KVASIR_SERVER in the server's environment, by which what left its session is found
# GRACE  seconds between asking the server to stop and killing it
# STOP   shell text that asks it to stop, before the signal does; empty for none

mark=$1 grace=$2 stop=$3
shift 3
exec 3<&0 </dev/null
watchdog=$$
ending=

signal() {
  kill "-$1" "-$server" 2>/dev/null
}

strays() {
  grep -lsz "^KVASIR_SERVER=$mark\$" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3
}

kill_all() {
  signal KILL
  for stray in $(strays); do
    kill -KILL "$stray" 2>/dev/null
  done
}

end_server() {
  [ -z "$stop" ] || timeout "$grace" /bin/sh -c "$stop"
  signal TERM || kill -TERM "$server" 2>/dev/null
  tenths=$((grace * 10))
  while [ "$tenths" -gt 0 ] && signal 0; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill_all
}

trap 'ending=1' USR1
KVASIR_SERVER=$mark setsid "$@" 3<&- &
server=$!
{
  while read -r _ <&3; do :; done
  kill -USR1 "$watchdog"
  end_server
} &
guard=$!

wait "$server"
status=$?
while kill -0 "$server" 2>/dev/null; do
  wait "$server"
  status=$?
done
if [ -n "$ending" ]; then
  wait "$guard"
else
  kill "$guard" 2>/dev/null
  kill_all
fi
exit "$status"
