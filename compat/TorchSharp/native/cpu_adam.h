#pragma once

// Adam's step is a dozen operations an element, which as operators read and write the memory a dozen times.

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <cmath>

namespace {

__attribute__((target_clones("avx512f", "avx2", "default")))
void adam(float* __restrict parameter, const float* __restrict gradient, float* __restrict average, float* __restrict square,
    int64_t count, float beta1, float beta2, float keep1, float keep2, float rate, float epsilon) {
  for (int64_t i = 0; i < count; i++) {
    float g = gradient[i];
    float m = average[i] = average[i] * beta1 + g * keep1;
    float v = square[i] = square[i] * beta2 + g * g * keep2;
    parameter[i] -= rate * (m / (std::sqrt(v) + epsilon));
  }
}

// Takes the step where all tensors are plain float32 in the CPU's memory; elsewhere does nothing and returns false.
bool adam_(at::TensorList parameters, at::TensorList gradients, at::TensorList averages, at::TensorList squares,
    double beta1, double beta2, double rate, double epsilon) {
  for (auto list : {&parameters, &gradients, &averages, &squares})
    for (const at::Tensor& tensor : *list)
      if (!tensor.is_cpu() || tensor.scalar_type() != at::kFloat || tensor.layout() != at::kStrided || !tensor.is_contiguous())
        return false;
  for (size_t i = 0; i < parameters.size(); i++) {
    float* parameter = parameters[i].data_ptr<float>();
    const float* gradient = gradients[i].data_ptr<float>();
    float* average = averages[i].data_ptr<float>();
    float* square = squares[i].data_ptr<float>();
    at::parallel_for(0, parameters[i].numel(), 1 << 14, [&](int64_t begin, int64_t end) {
      adam(parameter + begin, gradient + begin, average + begin, square + begin, end - begin, (float)beta1, (float)beta2,
          (float)(1 - beta1), (float)(1 - beta2), (float)rate, (float)epsilon);
    });
    for (auto list : {&parameters, &averages, &squares}) (*list)[i].unsafeGetTensorImpl()->bump_version();
  }
  return true;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def(
      "adam_(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] averages, Tensor(c!)[] squares, "
      "float beta1, float beta2, float rate, float epsilon) -> bool", &adam_);
}
