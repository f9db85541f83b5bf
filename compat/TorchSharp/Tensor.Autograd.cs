using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => LibTorch.gan_tensor_requires_grad(Handle) != 0;
            set => LibTorch.Check(LibTorch.gan_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        public bool is_leaf => LibTorch.gan_tensor_is_leaf(Handle) != 0;

        /// <summary>The gradient that backward passes have added up in this leaf. Every read makes another handle to it.</summary>
        public Tensor? grad
        {
            get => LibTorch.gan_tensor_grad(Handle) is var native && native != IntPtr.Zero ? new Tensor(native) : null;
            set => LibTorch.Check(LibTorch.gan_tensor_set_grad(Handle, value is null ? IntPtr.Zero : value.Handle));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false,
            IList<Tensor>? inputs = null) => autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        public Tensor detach() => Aten.detach.Call(this);
    }
}
