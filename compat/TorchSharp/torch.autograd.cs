#nullable disable // as the real package's signatures here

using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe partial class autograd
    {
        /// <summary>The gradients of the outputs' sum, weighted by grad_outputs, with respect to each input.</summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor> grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var results = new IntPtr[inputs.Count];
            fixed (IntPtr* o = Handles(outputs), i = Handles(inputs), g = Handles(grad_outputs), r = results)
                LibTorch.Check(LibTorch.gan_grad(o, outputs.Count, i, inputs.Count, g, retain_graph || create_graph ? 1 : 0,
                    create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            KeepAlive(outputs, inputs, grad_outputs);
            return Array.ConvertAll(results, native => native == IntPtr.Zero ? null : new Tensor(native));
        }

        public static void backward(IList<Tensor> tensors, IList<Tensor> grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor> inputs = null)
        {
            fixed (IntPtr* t = Handles(tensors), g = Handles(grad_tensors), i = Handles(inputs))
                LibTorch.Check(LibTorch.gan_backward(t, tensors.Count, g, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0,
                    i, inputs?.Count ?? 0));
            KeepAlive(tensors, grad_tensors, inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor> grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor> inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        private static IntPtr[] Handles(IList<Tensor> tensors)
        {
            if (tensors is null) return null;
            var handles = new IntPtr[tensors.Count];
            for (int i = 0; i < handles.Length; i++) handles[i] = tensors[i].Handle;
            return handles;
        }

        private static void KeepAlive(IList<Tensor> first, IList<Tensor> second, IList<Tensor> third)
        {
            GC.KeepAlive(first);
            GC.KeepAlive(second);
            GC.KeepAlive(third);
        }
    }
}
