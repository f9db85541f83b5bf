using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>A tensor that is learned: registered with a module it appears among its parameters.</summary>
    public class Parameter : torch.Tensor
    {
        /// <summary>Takes over that tensor, which is empty afterwards, and its place in a dispose scope.</summary>
        public Parameter(torch.Tensor data, bool requires_grad = true) : this(data, data.OwningDisposeScope, requires_grad)
        {
        }

        private Parameter(torch.Tensor data, DisposeScope? scope, bool requires_grad) : base(data.DecoupleFromNativeHandle())
        {
            MoveToOtherDisposeScope(scope);
            this.requires_grad = requires_grad;
        }
    }
}
