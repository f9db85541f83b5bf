#!/usr/bin/env bash
# Compiles the native side of compat/TorchSharp against the machine's libtorch:
#   eng/build-native.sh [OUTPUT]        default artifacts/setup/native/libgantorch.so
# GAN_LIBTORCH names a libtorch: a PyTorch installation's folder (.../site-packages/torch) or an unpacked libtorch.
# Without it, Debian's libtorch-dev is used. Nothing is done where source, compiler and libtorch are as they were.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source="$root/compat/TorchSharp/native/gan_torch.cpp"
output="${1:-$root/artifacts/setup/native/libgantorch.so}"
compiler="${CXX:-g++}"

fail() { printf 'gan: %s\n' "$@" >&2; exit 2; }

command -v "$compiler" >/dev/null || fail "no C++ compiler: '$compiler' was not found." "Install it: apt-get install g++"

if [ -n "${GAN_LIBTORCH:-}" ]; then
  include="$GAN_LIBTORCH/include"; libs="$GAN_LIBTORCH/lib"
  what="GAN_LIBTORCH=$GAN_LIBTORCH"
else
  include=/usr/include; libs="/usr/lib/$("$compiler" -print-multiarch 2>/dev/null || true)"
  what="Debian's libtorch"
fi
if [ ! -f "$include/ATen/ATen.h" ] || [ ! -e "$libs/libtorch_cpu.so" ]; then
  [ -n "${GAN_LIBTORCH:-}" ] || fail "libtorch was not found: no $include/ATen/ATen.h or no $libs/libtorch_cpu.so." \
    "Install it (apt-get install libtorch-dev), or set GAN_LIBTORCH to a PyTorch installation's folder, .../site-packages/torch."
  fail "$what is no libtorch: include/ATen/ATen.h or lib/libtorch_cpu.so is missing in it."
fi

# Everything that decides what comes out. Old and new libraries differ in size or time.
key="$( { cat "$(dirname "$source")"/* "${BASH_SOURCE[0]}"; "$compiler" --version; echo "$include $libs"
          stat -L -c '%n %s %Y' "$libs"/libtorch*.so "$libs"/libc10*.so 2>/dev/null; } | sha256sum | cut -d' ' -f1)"
if [ -f "$output" ] && [ "$(cat "$output.key" 2>/dev/null)" = "$key" ]; then exit 0; fi

# Which std::string libtorch was built with: a function that takes one has the tag "cxx11" in its name, or has not.
symbols="$(nm -D --defined-only "$libs/libc10.so")"
abi=0
if grep -q '_ZN3c105ErrorC[12].*__cxx11' <<<"$symbols"; then abi=1; fi
read -r major minor < <(printf '#include <torch/csrc/api/include/torch/version.h>\nTORCH_VERSION_MAJOR TORCH_VERSION_MINOR\n' \
  | "$compiler" -E -P -x c++ -I "$include" - | tail -n1)
# The headers of the newest need C++20; those of the oldest do not compile as such.
standard=17
if [ "$major" -gt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -ge 11 ]; }; then standard=20; fi

link=(-L"$libs" -Wl,-rpath,"$libs" -Wl,--no-as-needed -ltorch -ltorch_cpu -lc10)
for cuda in torch_cuda c10_cuda; do
  if [ -e "$libs/lib$cuda.so" ]; then link+=("-l$cuda"); fi
done

printf 'gan: compiling the binding to %s (%s.%s)\n' "$what" "$major" "$minor" >&2
mkdir -p "$(dirname "$output")"
work="$(mktemp -d "$(dirname "$output")/.native-XXXXXX")"
trap 'rm -rf "$work"' EXIT
# OpenMP is compiled for but not linked: libtorch brings its own copy, and a second one would be a second pool of threads.
# Products and sums are not contracted, so that an element comes out the same in a vector and after the last whole one.
"$compiler" -std=c++$standard -O3 -fno-math-errno -ffp-contract=off -fPIC -fopenmp -fvisibility=hidden -w -D_GLIBCXX_USE_CXX11_ABI=$abi \
  -I "$include" -I "$include/torch/csrc/api/include" -c "$source" -o "$work/gan_torch.o"
"$compiler" -shared -s "$work/gan_torch.o" -o "$work/libgantorch.so" "${link[@]}"
mv -f "$work/libgantorch.so" "$output"
printf '%s\n' "$key" > "$work/key"
mv -f "$work/key" "$output.key"
