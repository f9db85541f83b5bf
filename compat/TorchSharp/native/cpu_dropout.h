#pragma once

// libtorch draws a dropout mask number by number on one thread, which at a DCGAN discriminator's sizes takes as long as its
// convolutions. Here each element's number is a hash of (seed, index), so that threads and vector units share the work, and the
// backward pass makes the mask again instead of keeping it. The seed is one number of the default generator.

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <mutex>

namespace {

// Two rounds of a 32-bit mixer (xor-shifts and odd multipliers found by search, full avalanche), keyed before each.
inline uint32_t mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352dU;
  x = (x ^ (x >> 15)) * 0x846ca68bU;
  return x ^ (x >> 16);
}

__attribute__((target_clones("avx512f", "avx2", "default")))
void scale_or_drop(const float* __restrict from, float* __restrict to, int64_t count, uint32_t first, uint32_t key0, uint32_t key1,
    int32_t threshold, float scale) {
  for (int64_t i = 0; i < count; i++) {
    auto h = (int32_t)(mix(mix((first + (uint32_t)i) ^ key0) + key1) >> 8);
    to[i] = from[i] * (h < threshold ? 0.0f : scale);
  }
}

at::Tensor masked(const at::Tensor& input, double p, int64_t seed) {
  at::Tensor from = input.contiguous();
  at::Tensor to = at::empty_like(from);
  const float* source = from.data_ptr<float>();
  float* target = to.data_ptr<float>();
  auto threshold = (int32_t)std::llround(p * (1 << 24));
  float scale = (float)(1.0 / (1.0 - p));
  at::parallel_for(0, from.numel(), 1 << 15, [&](int64_t begin, int64_t end) {
    while (begin < end) {
      // The index has 32 bits; what lies above goes into the key.
      int64_t stop = std::min(end, ((begin >> 32) + 1) << 32);
      scale_or_drop(source + begin, target + begin, stop - begin, (uint32_t)begin, (uint32_t)seed,
          mix((uint32_t)(seed >> 32) + (uint32_t)(begin >> 32)), threshold, scale);
      begin = stop;
    }
  });
  return to;
}

struct FastDropout : torch::autograd::Function<FastDropout> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input, double p, int64_t seed) {
    context->saved_data["p"] = p;
    context->saved_data["seed"] = seed;
    return masked(input, p, seed);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
      torch::autograd::variable_list grads) {
    // The map is linear and its own transpose.
    return {FastDropout::apply(grads[0], context->saved_data["p"].toDouble(), context->saved_data["seed"].toInt()),
        at::Tensor(), at::Tensor()};
  }
};

at::Tensor dropout(const at::Tensor& input, double p, bool train) {
  if (!train || !(p > 0 && p < 1) || !input.is_cpu() || input.scalar_type() != at::kFloat || input.layout() != at::kStrided)
    return at::dropout(input, p, train);
  int64_t seed;
  {
    at::Generator generator = at::globalContext().defaultGenerator(at::kCPU);
    std::lock_guard<std::mutex> lock(generator.mutex());
    seed = (int64_t)at::check_generator<at::CPUGeneratorImpl>(generator)->random64();
  }
  return FastDropout::apply(input, p, seed);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def("dropout(Tensor input, float p, bool train) -> Tensor", &dropout);
}
