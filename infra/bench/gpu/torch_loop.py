#!/usr/bin/env python3
"""Times a plain PyTorch BERT, and an archive of the engine's, on a GPU. Needs Python and torch alone.

    torch_loop.py sizes VOCABULARY,HIDDEN,LAYERS,HEADS,INNER [SECONDS]   the plain one alone, in fp16
    torch_loop.py archive FILE [SECONDS]   an archive of a BERT, and a plain one of its sizes and precision; numbers
                                           that the archive lacks are made up
    torch_loop.py strip FILE TO            copies an archive without its numbers: some kilobytes, to carry along

It prints one line of JSON. The engine writes an archive to the folder "models" of SPINDRIFT_CACHE when it loads a
model; one in 16 bits is needed. Run on a CPU so far, never on a GPU.
"""
import io
import json
import pickle
import sys
import time
import zipfile

LENGTHS = (50, 512)
TOKENS_A_PASS = 32768


class Stub:
    def __init__(self, *_):
        self.state = {}

    def __setstate__(self, state):
        self.state = state


class Reader(pickle.Unpickler):
    """Reads an archive's data.pkl without torch: objects as stubs, tensors as (kind, key, shape)."""

    def find_class(self, module, name):
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, size, *_: (*storage, size)
        if module == "torch":
            return name
        return dict if name == "OrderedDict" else Stub

    def persistent_load(self, pid):
        return (pid[1], pid[2])


def tensors(value):
    if isinstance(value, Stub):
        for child in value.state.values():
            yield from tensors(child)
    elif isinstance(value, tuple):
        yield value


def read(archive):
    name = next(n for n in archive.namelist() if n.endswith("/data.pkl"))
    return name[: -len("data.pkl")], Reader(io.BytesIO(archive.read(name))).load()


def strip(source, target):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for entry in old.namelist():
            if "/data/" not in entry:
                new.writestr(entry, old.read(entry))


def load(path):
    """The module, its numbers made up where they are missing, and its stub."""
    import torch

    with zipfile.ZipFile(path) as old:
        root, model = read(old)
        full = io.BytesIO()
        with zipfile.ZipFile(full, "w", zipfile.ZIP_STORED) as new:
            for entry in old.namelist():
                new.writestr(entry, old.read(entry))
            for kind, key, shape in tensors(model):
                if f"{root}data/{key}" not in old.namelist():
                    dtype = {"FloatStorage": torch.float32, "HalfStorage": torch.float16,
                             "BFloat16Storage": torch.bfloat16}[kind]
                    numbers = (torch.randn(shape) * 0.02 + (len(shape) == 1)).to(dtype)
                    new.writestr(f"{root}data/{key}", numbers.view(torch.uint8).numpy().tobytes())
    full.seek(0)
    return torch.jit.load(full, map_location="cpu"), model


def rate(work, tokens, seconds, synchronize):
    for _ in range(3):
        work()
    synchronize()
    begin, passes = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        work()
        synchronize()
        passes += 1
    return tokens * passes / (time.perf_counter() - begin)


def packed(module, rows, length, vocabulary):
    import torch

    ids = torch.randint(vocabulary, (rows * length,))
    places = torch.arange(length).repeat(rows)
    lengths, skipped = torch.full((rows,), length), torch.zeros(rows, dtype=torch.long)
    return lambda: module.packed(ids, places, lengths, skipped)


def sizes_of(model):
    layers = [v.state for k, v in model.state.items() if k.startswith("layer")]
    vocabulary, hidden = model.state["words"][2]
    return vocabulary, hidden, len(layers), layers[0]["heads"], layers[0]["mlp_in"].state["weight"][2][0]


def plain(sizes, rows, length, device, dtype):
    """BERT's arithmetic as eager PyTorch code has it: one padded batch, here of equal lengths."""
    import torch
    from torch.nn import functional as f

    vocabulary, hidden, layers, heads, inner = sizes

    def linear(out, size):
        return torch.randn(out, size, device=device, dtype=dtype) * 0.02

    weights = [(linear(3 * hidden, hidden), linear(hidden, hidden), linear(inner, hidden), linear(hidden, inner))
               for _ in range(layers)]
    words = linear(vocabulary, hidden)
    ids = torch.randint(vocabulary, (rows, length))

    def work():
        x = f.layer_norm(f.embedding(ids.to(device), words), (hidden,))
        for qkv, out, first, second in weights:
            q, k, v = (part.view(rows, length, heads, -1).transpose(1, 2) for part in f.linear(x, qkv).chunk(3, -1))
            y = f.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(rows, length, hidden)
            x = f.layer_norm(x + f.linear(y, out), (hidden,))
            x = f.layer_norm(x + f.linear(f.gelu(f.linear(x, first)), second), (hidden,))
        return f.normalize(x.float().mean(1)).cpu()

    return work


def main(path, sizes, seconds):
    import torch

    gpu = torch.cuda.is_available()
    device = torch.device("cuda:0" if gpu else "cpu")
    synchronize = torch.cuda.synchronize if gpu else (lambda: None)
    module, dtype = None, torch.float16
    if path:
        module, model = load(path)
        module, sizes = module.to(device), sizes_of(model)
        dtype = next(module.buffers()).dtype
    size = 8192 if gpu else 512
    a, b = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    result = {"torch": torch.__version__, "device": torch.cuda.get_device_name() if gpu else "cpu",
              "precision": str(dtype), "matmul_flops": rate(lambda: a @ b, 2 * size**3, seconds, synchronize)}
    with torch.inference_mode():
        for length in LENGTHS:
            rows = max(1, (TOKENS_A_PASS if gpu else 1024) // length)
            work = plain(sizes, rows, length, device, dtype)
            result[f"pytorch_tokens_per_second_{length}"] = rate(work, rows * length, seconds, synchronize)
            if module:
                work = packed(module, rows, length, sizes[0])
                result[f"archive_tokens_per_second_{length}"] = rate(work, rows * length, seconds, synchronize)
    print(json.dumps(result))


if __name__ == "__main__":
    mode, *rest = sys.argv[1:] or ["help"]
    wait = float(rest[1]) if len(rest) == 2 and mode != "strip" else 10
    if mode == "strip" and len(rest) == 2:
        strip(*rest)
    elif mode == "archive" and rest:
        main(rest[0], None, wait)
    elif mode == "sizes" and rest:
        main(None, tuple(int(size) for size in rest[0].split(",")), wait)
    else:
        raise SystemExit(__doc__)
