using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>In training, sets whole channels to zero with probability p and divides the others by 1 - p.</summary>
    public sealed class Dropout2d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d))
        {
            this.p = p;
            this.inplace = inplace;
        }

        public double p { get; set; }

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) =>
            training ? Aten.feature_dropout.Call(input, p, true).Into(input, inplace) : input.alias();
    }
}
