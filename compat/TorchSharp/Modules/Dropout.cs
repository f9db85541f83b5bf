using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>In training, sets each value to zero with probability p and divides the others by 1 - p.</summary>
    public sealed class Dropout : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        private readonly bool _inplace;

        internal Dropout(double p, bool inplace) : base(nameof(Dropout))
        {
            this.p = p;
            _inplace = inplace;
        }

        public double p { get; set; }

        public override torch.Tensor forward(torch.Tensor tensor)
        {
            if (!training || p == 0) return tensor.alias();
            var result = torch.nn.functional.dropout(tensor, p, training: true, _inplace);
            return _inplace ? result.alias() : result;
        }
    }
}
