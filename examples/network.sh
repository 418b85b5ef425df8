#!/usr/bin/env bash
# A small network on this machine to try things on: a chain, a data set with a benchmark, its key agent, three validators.
#
#   examples/network.sh                                  SYNTHETIC images, drawn here
#   examples/network.sh /data/cxr pneumonia_vs_normal    a folder with labels.csv, and a task in it
#
# It uses the development keys //Alice (steward), //Bob, //Charlie and //Dave (validators). Ctrl-C ends everything;
# nothing is kept but the folder ./network.
set -euo pipefail

here=${NETWORK_DIR:-$PWD/network}
port=${NETWORK_PORT:-9944}
test ! -e "$here" || { echo "$here exists: remove it, or set NETWORK_DIR" >&2; exit 1; }
mkdir -p "$here"
export ASSAY_HOME=$here/home ASSAY_STORE=file://$here/home/store ASSAY_NODE=ws://127.0.0.1:$port
export ASSAY_PASSPHRASE=${ASSAY_PASSPHRASE:-only-for-this-network}

pids=()
finish() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  wait
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start() { # NAME COMMAND...: in the background, with a log of its own
  local name=$1
  shift
  "$@" >"$here/$name.log" 2>&1 &
  pids+=($!)
}

start chain assay chain up --ephemeral --port "$port"
for _ in $(seq 100); do assay chain status >/dev/null 2>&1 && break || sleep 0.2; done
assay chain status >/dev/null

data=${1:-$here/images}
test $# -gt 0 || assay dataset synthesise "$data" --patients 200 >/dev/null
assay dataset pack "$data" ${2:+--where "task=$2"} --out "$here/pack.json" --keyfile "$here/steward-keys.json" --yes
assay dataset register "Network" --modality xray --licence CC-BY-4.0 --pack "$here/pack.json" --price 2 -a //Alice --yes >/dev/null
assay dataset publish 0 "$here/pack.json" -a //Alice --yes >/dev/null
assay benchmark create "Network" --dataset 0 -a //Alice --yes >/dev/null
start steward assay steward run -a //Alice --keys "$here/steward-keys.json" --metrics-port 0
for name in Bob Charlie Dave; do
  assay validator register -a "//$name" --bond 1000 --yes >/dev/null
  assay dataset accredit 0 "//$name" -a //Alice >/dev/null
  start "$name" assay validator run -a "//$name" --actors 1 --metrics-port 0
done

cat <<READY

Ready. In another terminal:

  export ASSAY_HOME=$ASSAY_HOME ASSAY_STORE=$ASSAY_STORE ASSAY_NODE=$ASSAY_NODE

Logs: $here/*.log. Ctrl-C ends it.
READY
wait -n "${pids[@]}" || true
echo "a process has ended: see $here/*.log" >&2
exit 1
