"""vLLM's own benchmark client against a recording loopback emitter.

Usage: vllm_client.py ENDPOINT_REQUEST_FUNC EMITTER TOKENS_PER_SECOND SECONDS STREAMS[,...]

ENDPOINT_REQUEST_FUNC is the path of vllm/benchmarks/lib/endpoint_request_func.py, which is used as it
is; it needs aiohttp, regex and tqdm. Prints a row of a Markdown table for each number of streams, with
the columns of dev.kvasir.producer.benchmark.StampingLag.
"""

import asyncio
import importlib.util
import struct
import sys
import time
import urllib.request
from urllib.parse import urljoin

import aiohttp

WARM_UP_SECONDS = 2
RECORD = struct.Struct(">iiq")


def load(path):
    spec = importlib.util.spec_from_file_location("endpoint_request_func", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def session():
    """The session that vLLM's benchmark shares among its requests."""
    connector = aiohttp.TCPConnector(
        limit=0,
        limit_per_host=0,
        ttl_dns_cache=300,
        use_dns_cache=True,
        keepalive_timeout=60,
        enable_cleanup_closed=True,
        force_close=False,
    )
    return aiohttp.ClientSession(
        connector=connector, trust_env=True, timeout=aiohttp.ClientTimeout(total=6 * 60 * 60)
    )


async def drive(vllm, emitter, streams, tokens, first_ordinal):
    """Starts the streams evenly over a second; their outputs and how late each began."""
    late = []

    async def one(index, client):
        request = vllm.RequestFuncInput(
            prompt="hello",
            api_url=emitter,
            prompt_len=1,
            output_len=tokens,
            model="loopback",
            request_id=f"vllm/{first_ordinal + index if first_ordinal >= 0 else -1 - index}",
        )
        return await vllm.async_request_openai_completions(request, client)

    async with session() as client:
        start = time.perf_counter()
        tasks = []
        for index in range(streams):
            due = start + index / streams
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            late.append(max(0.0, time.perf_counter() - due))
            tasks.append(asyncio.create_task(one(index, client)))
        outputs = await asyncio.gather(*tasks)
        return outputs, late, time.perf_counter() - start


def emissions(emitter):
    with urllib.request.urlopen(urljoin(emitter, "/emissions")) as answer:
        return list(RECORD.iter_unpack(answer.read()))


def percentile(values, share):
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def stamps(output):
    """Each token's time on the monotonic clock, as vLLM's figures have it."""
    at = output.start_time + output.ttft
    times = [at]
    for gap in output.itl:
        at += gap
        times.append(at)
    return times


def row(streams, outputs, late, elapsed, cpu, truth):
    taken = [stamps(output) if output.success else [] for output in outputs]
    lags, missing, before, true_gaps = [], 0, {}, []
    for ordinal, index, nanos in truth:
        if ordinal in before:
            true_gaps.append((nanos - before[ordinal]) / 1e6)
        before[ordinal] = nanos
        if index < len(taken[ordinal]):
            lags.append(max(0.0, taken[ordinal][index] * 1e3 - nanos / 1e6))
        else:
            missing += 1
    gaps = [gap * 1e3 for output in outputs for gap in output.itl]
    tokens = max(1, len(lags))
    return (
        f"| vLLM | {streams} | {tokens / elapsed:.0f}"
        f" | {percentile(lags, 0.5):.3f} | {percentile(lags, 0.99):.3f} | {max(lags, default=float('nan')):.3f}"
        f" | {percentile(gaps, 0.5):.2f} | {percentile(true_gaps, 0.5):.2f}"
        f" | {percentile(gaps, 0.99):.2f} | {percentile(true_gaps, 0.99):.2f}"
        f" | {cpu / tokens * 1e6:.1f} | – | – | {percentile(late, 0.99) * 1e3:.3f} | {missing} |"
    )


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    path, emitter, rate, seconds, counts = sys.argv[1:]
    vllm = load(path)
    for streams in map(int, counts.split(",")):
        asyncio.run(drive(vllm, emitter, streams, int(rate) * WARM_UP_SECONDS, -1))
        emissions(emitter)
        cpu = time.process_time()
        outputs, late, elapsed = asyncio.run(
            drive(vllm, emitter, streams, int(rate) * int(seconds), 0)
        )
        cpu = time.process_time() - cpu
        # The stream's last event has an empty text, which vLLM's client stamps too: it is no token.
        for output in outputs:
            if len(output.itl) >= int(rate) * int(seconds):
                output.itl.pop()
        print(row(streams, outputs, late, elapsed, cpu, emissions(emitter)), flush=True)


if __name__ == "__main__":
    main()
