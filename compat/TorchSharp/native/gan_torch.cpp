// The native side of compat/TorchSharp: one small C interface over libtorch.
//
// Operators are not wrapped one by one. A caller asks the dispatcher for an operator by name and overload, and calls it
// boxed with an array of tagged values. That reaches every operator, with autograd, on every device that libtorch has, and
// compiles unchanged against libtorch 1.13 and 2.x. Beside it stands what is no operator: tensor lifetime and properties,
// backward passes, gradient mode, random generators, devices, threads. The headers beside this file hold what libtorch is slow at
// on CPU.
//
// A tensor handle is a TensorImpl* that owns one reference. Arguments are borrowed, results are owned by the caller.
// No exception crosses the interface: a failed call says so in its result, and gan_last_error() has the text.

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/api/include/torch/cuda.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cpu_adam.h"
#include "cpu_convolutions.h"
#include "cpu_dropout.h"
#include "cpu_memory.h"

#define GAN_API extern "C" __attribute__((visibility("default")))

using Stack = std::vector<c10::IValue>;

// ---------------------------------------------------------------------------------------------------------- errors

static thread_local std::string last_error;

static void remember_error() {
  try {
    throw;
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "an error of unknown type in libtorch";
  }
}

// Runs f; on an exception remembers its text and returns `failed`.
template <class R, class F>
static R guarded(R failed, F&& f) {
  try {
    return f();
  } catch (...) {
    remember_error();
    return failed;
  }
}

GAN_API const char* gan_last_error() { return last_error.c_str(); }

// --------------------------------------------------------------------------------------------------------- tensors

static at::Tensor borrow(c10::TensorImpl* handle) {
  if (handle == nullptr) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

static c10::TensorImpl* give(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

static std::vector<at::Tensor> borrow(c10::TensorImpl** handles, int count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
  return tensors;
}

GAN_API void gan_tensor_retain(c10::TensorImpl* handle) { c10::raw::intrusive_ptr::incref(handle); }
GAN_API void gan_tensor_release(c10::TensorImpl* handle) { c10::raw::intrusive_ptr::decref(handle); }
GAN_API int64_t gan_tensor_dim(c10::TensorImpl* handle) { return handle->dim(); }
GAN_API int64_t gan_tensor_numel(c10::TensorImpl* handle) { return handle->numel(); }
GAN_API int gan_tensor_dtype(c10::TensorImpl* handle) { return (int)c10::typeMetaToScalarType(handle->dtype()); }
GAN_API int64_t gan_tensor_element_size(c10::TensorImpl* handle) { return (int64_t)handle->dtype().itemsize(); }
GAN_API int gan_tensor_device_type(c10::TensorImpl* handle) { return (int)handle->device_type(); }
GAN_API int gan_tensor_device_index(c10::TensorImpl* handle) { return handle->device().index(); }
GAN_API int gan_tensor_is_contiguous(c10::TensorImpl* handle) { return handle->is_contiguous(); }

GAN_API void gan_tensor_sizes(c10::TensorImpl* handle, int64_t* sizes) {
  auto from = handle->sizes();
  std::copy(from.begin(), from.end(), sizes);
}

GAN_API void gan_tensor_strides(c10::TensorImpl* handle, int64_t* strides) {
  auto from = handle->strides();
  std::copy(from.begin(), from.end(), strides);
}

GAN_API void* gan_tensor_data(c10::TensorImpl* handle) {
  return guarded((void*)nullptr, [&] { return borrow(handle).data_ptr(); });
}

GAN_API int gan_tensor_requires_grad(c10::TensorImpl* handle) { return handle->requires_grad(); }
GAN_API int gan_tensor_is_leaf(c10::TensorImpl* handle) { return borrow(handle).is_leaf(); }

GAN_API int gan_tensor_set_requires_grad(c10::TensorImpl* handle, int value) {
  return guarded(-1, [&] { borrow(handle).set_requires_grad(value != 0); return 0; });
}

GAN_API c10::TensorImpl* gan_tensor_grad(c10::TensorImpl* handle) {
  return guarded((c10::TensorImpl*)nullptr, [&] { return give(borrow(handle).grad()); });
}

GAN_API int gan_tensor_set_grad(c10::TensorImpl* handle, c10::TensorImpl* grad) {
  return guarded(-1, [&] { borrow(handle).mutable_grad() = borrow(grad); return 0; });
}

// ------------------------------------------------------------------------------------------------- operators, boxed

enum Tag : int32_t {
  None, Default, Tensor, Int, Double, Bool, Device, Generator, IntList, DoubleList, TensorList, OptionalTensorList, String
};

// Laid out as its C# counterpart. Lists are a pointer and a count, a device is a type and its index in `count`,
// a scalar is Int, Double or Bool.
struct Value {
  int32_t tag;
  int32_t count;
  union {
    int64_t i;
    double d;
    void* p;
  };
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<bool> is_float;

  explicit Operator(c10::OperatorHandle h) : handle(h) {
    for (auto& argument : h.schema().arguments()) {
      auto type = argument.type();
      if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
      is_float.push_back(type->kind() == c10::TypeKind::FloatType);
    }
  }
};

static c10::IValue default_of(const Operator& op, size_t index) {
  auto& argument = op.handle.schema().arguments()[index];
  TORCH_CHECK(argument.default_value().has_value(),
      op.handle.schema().name(), " needs an argument '", argument.name(), "'");
  return *argument.default_value();
}

static c10::IValue to_ivalue(const Operator& op, size_t index, const Value& value) {
  switch (value.tag) {
    case None: return c10::IValue();
    case Default: return default_of(op, index);
    case Tensor: return borrow((c10::TensorImpl*)value.p);
    case Int: return op.is_float[index] ? c10::IValue((double)value.i) : c10::IValue(value.i);
    case Double: return value.d;
    case Bool: return value.i != 0;
    case IntList: return c10::IValue(c10::IntArrayRef((int64_t*)value.p, value.count));
    case DoubleList: return c10::IValue(c10::ArrayRef<double>((double*)value.p, value.count));
    case TensorList: return c10::IValue(borrow((c10::TensorImpl**)value.p, value.count));
    case OptionalTensorList: {
      c10::List<OptionalTensor> list;
      for (auto& tensor : borrow((c10::TensorImpl**)value.p, value.count))
        list.push_back(tensor.defined() ? OptionalTensor(tensor) : OptionalTensor());
      return list;
    }
    case Device: return c10::Device((c10::DeviceType)value.i, (c10::DeviceIndex)value.count);
    case String: return std::string((const char*)value.p, value.count);
    case Generator:
      return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy((c10::GeneratorImpl*)value.p));
    default: TORCH_CHECK(false, "unknown tag ", value.tag, " of an argument");
  }
}

static Value to_value(c10::IValue&& from) {
  Value to{};
  if (from.isTensor()) {
    to.tag = Tensor;
    to.p = give(std::move(from).toTensor());
  } else if (from.isInt()) {
    to.tag = Int;
    to.i = from.toInt();
  } else if (from.isDouble()) {
    to.tag = Double;
    to.d = from.toDouble();
  } else if (from.isBool()) {
    to.tag = Bool;
    to.i = from.toBool();
  } else if (from.isTensorList()) {
    auto tensors = std::move(from).toTensorVector();
    auto handles = (c10::TensorImpl**)std::malloc(sizeof(void*) * (tensors.size() + 1));
    for (size_t i = 0; i < tensors.size(); i++) handles[i] = give(std::move(tensors[i]));
    to.tag = TensorList;
    to.count = (int32_t)tensors.size();
    to.p = handles;
  } else {
    TORCH_CHECK(from.isNone(), "a result of type ", from.tagKind(), " has no form in this binding");
  }
  return to;
}

// The operator of this name ("aten::add") and overload ("Tensor"), for the life of the process; null when there is none.
GAN_API Operator* gan_operator(const char* name, const char* overload) {
  return guarded((Operator*)nullptr, [&] {
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(handle.has_value(), "this libtorch (", TORCH_VERSION, ") has no operator ", name,
        *overload ? "." : "", overload);
    return new Operator(*handle);
  });
}

// Calls the operator. Arguments that are missing at the end, or are Default, take the schema's defaults.
// Returns the number of results, at most `room` of which are stored (with no room, they are dropped), or -1.
GAN_API int gan_call(Operator* op, const Value* arguments, int count, Value* results, int room) {
  // One stack a thread is kept, because most calls are small; taken out while in use.
  static thread_local Stack kept;
  return guarded(-1, [&] {
    Stack stack = std::move(kept);
    stack.clear();
    size_t wanted = op->is_float.size();
    TORCH_CHECK((size_t)count <= wanted, op->handle.schema().name(), " takes ", wanted, " arguments, not ", count);
    for (size_t i = 0; i < wanted; i++)
      stack.push_back(i < (size_t)count ? to_ivalue(*op, i, arguments[i]) : default_of(*op, i));
    op->handle.callBoxed(&stack);
    int returned = (int)stack.size();
    for (int i = 0; i < returned && i < room; i++) results[i] = to_value(std::move(stack[i]));
    stack.clear();
    kept = std::move(stack);
    return returned;
  });
}

GAN_API void gan_free(void* memory) { std::free(memory); }

// -------------------------------------------------------------------------------------------------------- autograd

GAN_API int gan_backward(c10::TensorImpl** tensors, int count, c10::TensorImpl** grads, int retain_graph, int create_graph,
    c10::TensorImpl** inputs, int input_count) {
  return guarded(-1, [&] {
    torch::autograd::backward(borrow(tensors, count), grads ? borrow(grads, count) : std::vector<at::Tensor>(),
        retain_graph != 0, create_graph != 0, borrow(inputs, input_count));
    return 0;
  });
}

// Stores one handle for each input, null where the input was not used.
GAN_API int gan_grad(c10::TensorImpl** outputs, int output_count, c10::TensorImpl** inputs, int input_count,
    c10::TensorImpl** grad_outputs, int retain_graph, int create_graph, int allow_unused, c10::TensorImpl** results) {
  return guarded(-1, [&] {
    auto grads = torch::autograd::grad(borrow(outputs, output_count), borrow(inputs, input_count),
        grad_outputs ? borrow(grad_outputs, output_count) : std::vector<at::Tensor>(),
        retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < grads.size(); i++) results[i] = give(std::move(grads[i]));
    return 0;
  });
}

GAN_API int gan_grad_mode() { return at::GradMode::is_enabled(); }
GAN_API void gan_set_grad_mode(int enabled) { at::GradMode::set_enabled(enabled != 0); }

// Inference mode is a scope: begin gives what end takes.
GAN_API void* gan_inference_begin(int enabled) { return new c10::InferenceMode(enabled != 0); }
GAN_API void gan_inference_end(void* scope) { delete (c10::InferenceMode*)scope; }

// ------------------------------------------------------------------------------------------------------ generators

static at::Generator generator_of(c10::GeneratorImpl* handle) {
  return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(handle));
}

GAN_API void gan_manual_seed(uint64_t seed) { at::manual_seed(seed); }

GAN_API c10::GeneratorImpl* gan_default_generator(int device_type, int device_index) {
  return guarded((c10::GeneratorImpl*)nullptr, [&] {
    at::Generator generator = at::globalContext().defaultGenerator(
        c10::Device((c10::DeviceType)device_type, (c10::DeviceIndex)device_index));
    auto impl = generator.unsafeGetGeneratorImpl();
    c10::raw::intrusive_ptr::incref(impl);
    return impl;
  });
}

GAN_API c10::GeneratorImpl* gan_new_generator(int device_type, int device_index, uint64_t seed) {
  return guarded((c10::GeneratorImpl*)nullptr, [&] {
    at::Generator generator = at::globalContext().defaultGenerator(
        c10::Device((c10::DeviceType)device_type, (c10::DeviceIndex)device_index)).clone();
    generator.set_current_seed(seed);
    auto impl = generator.unsafeGetGeneratorImpl();
    c10::raw::intrusive_ptr::incref(impl);
    return impl;
  });
}

GAN_API void gan_generator_release(c10::GeneratorImpl* handle) { c10::raw::intrusive_ptr::decref(handle); }

GAN_API int gan_generator_set_seed(c10::GeneratorImpl* handle, uint64_t seed) {
  return guarded(-1, [&] {
    auto generator = generator_of(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
    return 0;
  });
}

GAN_API uint64_t gan_generator_initial_seed(c10::GeneratorImpl* handle) {
  return guarded((uint64_t)0, [&] { return generator_of(handle).current_seed(); });
}

GAN_API c10::TensorImpl* gan_generator_state(c10::GeneratorImpl* handle) {
  return guarded((c10::TensorImpl*)nullptr, [&] {
    auto generator = generator_of(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    return give(generator.get_state());
  });
}

GAN_API int gan_generator_set_state(c10::GeneratorImpl* handle, c10::TensorImpl* state) {
  return guarded(-1, [&] {
    auto generator = generator_of(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(borrow(state));
    return 0;
  });
}

// -------------------------------------------------------------------------------------- devices, threads, versions

GAN_API int gan_cuda_device_count() {
  return guarded(0, [] { return torch::cuda::is_available() ? (int)torch::cuda::device_count() : 0; });
}

GAN_API int gan_cudnn_is_available() { return guarded(0, [] { return (int)torch::cuda::cudnn_is_available(); }); }

GAN_API int gan_cuda_synchronize(int index) {
  return guarded(-1, [&] { torch::cuda::synchronize(index); return 0; });
}

GAN_API int gan_allow_tf32(int which) {
  return which == 0 ? at::globalContext().allowTF32CuBLAS() : at::globalContext().allowTF32CuDNN();
}

GAN_API int gan_set_allow_tf32(int which, int value) {
  return guarded(-1, [&] {
    if (which == 0) at::globalContext().setAllowTF32CuBLAS(value != 0);
    else at::globalContext().setAllowTF32CuDNN(value != 0);
    return 0;
  });
}

GAN_API int gan_num_threads() { return at::get_num_threads(); }
GAN_API int gan_set_num_threads(int count) { return guarded(-1, [&] { at::set_num_threads(count); return 0; }); }

GAN_API const char* gan_version() { return TORCH_VERSION; }

