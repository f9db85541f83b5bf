#pragma once

// On CPU, libtorch runs convolutions on oneDNN, but transposed ones in older versions on a path several times slower.
// A transposed convolution is the backward-data pass of a convolution with the same weights, which oneDNN has too.
// With x the input, w the weights and y the output of the transposed convolution, and conv the convolution from y's shape
// to x's:   y = conv's backward-data(x, w)    dx = conv(dy, w)    dw = conv's backward-weights(dy, x)
// Each of these is a differentiable operator, so the backward pass can be differentiated again.
//
// Where the result is a picture, that is of one to four channels, oneDNN is slow in turn, and libtorch's own matrix products
// over patches are up to four times as fast. So a convolution of a picture has its own function here too, for its gradient.

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <utility>
#include <vector>

namespace {

using OptionalTensor = decltype(std::declval<c10::IValue>().toOptional<at::Tensor>());

constexpr int64_t kPictureChannels = 4;

struct Geometry {
  std::vector<int64_t> stride, padding, dilation;
  int64_t groups;

  void save(torch::autograd::AutogradContext* context) const {
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    context->saved_data["dilation"] = dilation;
    context->saved_data["groups"] = groups;
  }

  static Geometry saved(torch::autograd::AutogradContext* context) {
    auto& data = context->saved_data;
    return {data["stride"].toIntVector(), data["padding"].toIntVector(), data["dilation"].toIntVector(), data["groups"].toInt()};
  }
};

bool is_plain_float(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.scalar_type() == at::kFloat && tensor.layout() == at::kStrided && tensor.numel() > 0;
}

// Whether the arguments are what the ways below are for; all else, errors too, is libtorch's own operators' affair.
bool is_ours(const at::Tensor& x, const at::Tensor& w, const OptionalTensor& bias, at::IntArrayRef stride, at::IntArrayRef padding,
    at::IntArrayRef dilation, int64_t groups) {
  if (!(x.dim() == 4 && w.dim() == 4 && stride.size() == 2 && padding.size() == 2 && dilation.size() == 2 && groups > 0)) return false;
  if (!is_plain_float(x) || !is_plain_float(w) || !at::globalContext().userEnabledMkldnn() || !at::hasMKLDNN()) return false;
  for (int i = 0; i < 2; i++)
    if (stride[i] < 1 || padding[i] < 0 || dilation[i] < 1) return false;
  return !bias.has_value() || !bias->defined() || (bias->dim() == 1 && is_plain_float(*bias));
}

OptionalTensor defined_or_none(const OptionalTensor& tensor) {
  return tensor.has_value() && tensor->defined() ? tensor : OptionalTensor();
}

at::Tensor backward_weights(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& w, const Geometry& g) {
  return std::get<1>(at::convolution_backward(dy, x, w, at::OptionalIntArrayRef(), g.stride, g.padding, g.dilation,
      false, {0, 0}, g.groups, {false, true, false}));
}

at::Tensor convolve(const at::Tensor& x, const at::Tensor& w, const OptionalTensor& bias, const Geometry& g);
at::Tensor convolve_transposed(const at::Tensor& x, const at::Tensor& w, const OptionalTensor& bias, std::vector<int64_t> size,
    const Geometry& g);

struct ConvolvePicture : torch::autograd::Function<ConvolvePicture> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& w,
      const OptionalTensor& bias, Geometry g) {
    context->save_for_backward({x, w});
    context->saved_data["has_bias"] = bias.has_value();
    g.save(context);
    return at::convolution(x, w, bias, g.stride, g.padding, g.dilation, false, {0, 0}, g.groups);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list grads) {
    auto saved = context->get_saved_variables();
    auto& x = saved[0];
    auto& w = saved[1];
    auto g = Geometry::saved(context);
    at::Tensor dx, dw, db;
    if (context->needs_input_grad(0)) dx = convolve_transposed(grads[0], w, OptionalTensor(), {x.size(2), x.size(3)}, g);
    if (context->needs_input_grad(1)) dw = backward_weights(grads[0], x, w, g);
    if (context->saved_data["has_bias"].toBool() && context->needs_input_grad(2)) db = grads[0].sum({0, 2, 3});
    return {dx, dw, db, at::Tensor()};
  }
};

struct ConvolveTransposed : torch::autograd::Function<ConvolveTransposed> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& w,
      const OptionalTensor& bias, std::vector<int64_t> size, Geometry g) {
    context->save_for_backward({x, w});
    context->saved_data["has_bias"] = bias.has_value();
    g.save(context);
    if (w.size(1) <= kPictureChannels && g.groups == 1) {
      std::vector<int64_t> rest(2);
      for (int i = 0; i < 2; i++)
        rest[i] = size[i] - ((x.size(i + 2) - 1) * g.stride[i] - 2 * g.padding[i] + g.dilation[i] * (w.size(i + 2) - 1) + 1);
      return at::slow_conv_transpose2d(x, w, {w.size(2), w.size(3)}, bias, g.stride, g.padding, rest, g.dilation);
    }
    // Only the shape of this one is read, so its memory is never touched.
    auto y_like = at::empty({x.size(0), w.size(1) * g.groups, size[0], size[1]}, x.options());
    auto y = std::get<0>(at::convolution_backward(x, y_like, w, at::OptionalIntArrayRef(), g.stride, g.padding, g.dilation,
        false, {0, 0}, g.groups, {true, false, false}));
    if (bias.has_value()) y.add_(bias->view({1, -1, 1, 1}));
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list grads) {
    auto saved = context->get_saved_variables();
    auto& x = saved[0];
    auto& w = saved[1];
    auto g = Geometry::saved(context);
    at::Tensor dx, dw, db;
    if (context->needs_input_grad(0)) dx = convolve(grads[0], w, OptionalTensor(), g);
    if (context->needs_input_grad(1)) dw = backward_weights(x, grads[0], w, g);
    if (context->saved_data["has_bias"].toBool() && context->needs_input_grad(2)) db = grads[0].sum({0, 2, 3});
    return {dx, dw, db, at::Tensor(), at::Tensor()};
  }
};

at::Tensor convolve(const at::Tensor& x, const at::Tensor& w, const OptionalTensor& bias, const Geometry& g) {
  if (x.size(1) <= kPictureChannels && g.groups == 1) return ConvolvePicture::apply(x, w, bias, g);
  return at::convolution(x, w, bias, g.stride, g.padding, g.dilation, false, {0, 0}, g.groups);
}

at::Tensor convolve_transposed(const at::Tensor& x, const at::Tensor& w, const OptionalTensor& bias, std::vector<int64_t> size,
    const Geometry& g) {
  return ConvolveTransposed::apply(x, w, bias, size, g);
}

at::Tensor conv2d(const at::Tensor& x, const at::Tensor& w, const OptionalTensor& bias, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups) {
  bool ours = is_ours(x, w, bias, stride, padding, dilation, groups) && groups == 1 && x.size(1) == w.size(1)
      && (!defined_or_none(bias).has_value() || bias->size(0) == w.size(0));
  for (int i = 0; ours && i < 2; i++) ours = x.size(i + 2) + 2 * padding[i] > dilation[i] * (w.size(i + 2) - 1);
  if (!ours) return at::conv2d(x, w, bias, stride, padding, dilation, groups);
  return convolve(x, w, defined_or_none(bias), Geometry{stride.vec(), padding.vec(), dilation.vec(), groups});
}

at::Tensor conv_transpose2d(const at::Tensor& x, const at::Tensor& w, const OptionalTensor& bias, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef output_padding, int64_t groups, at::IntArrayRef dilation) {
  bool ours = is_ours(x, w, bias, stride, padding, dilation, groups) && output_padding.size() == 2 && x.size(1) == w.size(0)
      && w.size(0) % groups == 0 && (!defined_or_none(bias).has_value() || bias->size(0) == w.size(1) * groups);
  std::vector<int64_t> size(2);
  for (int i = 0; ours && i < 2; i++) {
    size[i] = (x.size(i + 2) - 1) * stride[i] - 2 * padding[i] + dilation[i] * (w.size(i + 2) - 1) + output_padding[i] + 1;
    // With more output padding than stride no convolution has these two shapes as input and output.
    ours = output_padding[i] >= 0 && output_padding[i] < stride[i] && size[i] > 0;
  }
  if (!ours) return at::conv_transpose2d(x, w, bias, stride, padding, output_padding, groups, dilation);
  return convolve_transposed(x, w, defined_or_none(bias), size, Geometry{stride.vec(), padding.vec(), dilation.vec(), groups});
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def(
      "conv2d(Tensor input, Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] dilation, int groups) -> Tensor",
      &conv2d);
  library.def(
      "conv_transpose2d(Tensor input, Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] output_padding, "
      "int groups, int[] dilation) -> Tensor", &conv_transpose2d);
}
