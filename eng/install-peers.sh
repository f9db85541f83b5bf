#!/usr/bin/env bash
# Installs the programs that tests compare with. None is needed to use the project: a test whose peer is absent is skipped by name.
#   Debian: python3-torch, python3-onnx and python3-pil, npm (with nodejs), OpenBLAS, without which that PyTorch multiplies matrices ten times slower,
#           Slurm, whose controller and one node a test starts, and openmpi-bin and mpich, over which processes train together (on Slurm
#           with libpmix-dev); GCC, which links gan-sample; Chromium, in which the report is looked at
#   npm:    onnxruntime-node and sharp, into artifacts/setup/peers
#   NuGet:  OpenCV, in the program tests/OpenCv (x64 Linux; 170 MB of packages), which needs Debian's libgtk-3-0
# What can be installed is, whatever else fails; the exit code is 1 when something is missing in the end.
set -uo pipefail
cd "$(dirname "$0")/.."
missing=()

have_python() { /usr/bin/python3 -c 'import sys, importlib.util as u; sys.exit(not all(map(u.find_spec, ("torch", "onnx", "PIL"))))' 2>/dev/null; }
have_mpi() { command -v mpirun.openmpi >/dev/null && command -v mpirun.mpich >/dev/null; }
have_linker() { command -v clang >/dev/null || command -v gcc >/dev/null; }
have_slurm() { [ -x /usr/sbin/slurmctld ] && [ -x /usr/sbin/slurmd ] && command -v sbatch >/dev/null; }
have_npm() { command -v npm >/dev/null && command -v node >/dev/null; }

have_chromium() { command -v chromium >/dev/null; }
have_gtk() { compgen -G '/usr/lib/*/libgtk-3.so.0' >/dev/null; }

packages=()
have_python || packages+=(python3-torch python3-onnx python3-pil)
have_npm || packages+=(npm)
have_mpi || packages+=(openmpi-bin mpich)
have_linker || packages+=(gcc libc6-dev)
have_slurm || packages+=(slurmctld slurmd slurm-client)
compgen -G '/usr/lib/*/libpmix.so' >/dev/null || packages+=(libpmix-dev)
compgen -G '/usr/lib/*/openblas*/libopenblas*.so.0' >/dev/null || packages+=(libopenblas0-pthread)
have_gtk || packages+=(libgtk-3-0)
have_chromium || packages+=(chromium)
if [ ${#packages[@]} -gt 0 ] && command -v apt-get >/dev/null; then
  sudo=(); [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  echo "installing ${packages[*]} from Debian"
  apt_install() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null; }
  apt_install 2>/dev/null || { "${sudo[@]}" apt-get update -qq && apt_install; }
fi
have_python || missing+=("python3-torch, python3-onnx and python3-pil (apt-get install python3-torch python3-onnx python3-pil)")
have_mpi || missing+=("openmpi-bin and mpich (apt-get install openmpi-bin mpich)")
have_linker || missing+=("a C compiler, which links gan-sample (apt-get install gcc libc6-dev)")
have_chromium || missing+=("Chromium (apt-get install chromium)")
have_slurm || missing+=("Slurm (apt-get install slurmctld slurmd slurm-client)")

# Without install scripts, which would fetch the CUDA provider from elsewhere.
peers=artifacts/setup/peers packages=(onnxruntime-node@1.30.0 sharp@0.35.5)
have_runtime() { node -e "require('./$peers/node_modules/onnxruntime-node'); require('./$peers/node_modules/sharp')" >/dev/null 2>&1; }
if have_npm && ! have_runtime; then
  echo "installing ${packages[*]} from npm (100 MB)"
  mkdir -p "$peers"
  npm install --prefix "$peers" --ignore-scripts --no-audit --no-fund --loglevel=error "${packages[@]}" >/dev/null
fi
have_runtime || missing+=("onnxruntime-node and sharp (npm install --prefix $peers --ignore-scripts ${packages[*]})")

opencv=artifacts/bin/GanPipeline.OpenCv/release/GanPipeline.OpenCv.dll
if [ "$(uname -sm)" = "Linux x86_64" ] && command -v dotnet >/dev/null; then
  dotnet build tests/OpenCv --nologo -v q >/dev/null || echo "tests/OpenCv does not build" >&2
fi
dotnet "$opencv" --version >/dev/null 2>&1 || missing+=("OpenCV (dotnet build tests/OpenCv)")

for peer in "${missing[@]}"; do echo "missing: $peer" >&2; done
[ ${#missing[@]} = 0 ]
