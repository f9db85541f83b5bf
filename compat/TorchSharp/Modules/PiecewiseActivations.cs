using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ReLU6 ReLU6(bool inplace = false) => new(inplace);

            public static Hardtanh Hardtanh(double min_val = -1, double max_val = 1, bool inplace = false) => new(min_val, max_val, inplace);

            public static Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);

            public static Hardswish Hardswish(bool inplace = false) => new(inplace);

            public static PReLU PReLU(long num_parameters, double init = 0.25, Device? device = null, ScalarType? dtype = null) =>
                new(num_parameters, init, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    internal static class InPlace
    {
        /// <summary>A result, or its input with the result's values where a layer works in place.</summary>
        internal static torch.Tensor Into(this torch.Tensor result, torch.Tensor input, bool inplace)
        {
            if (!inplace) return result;
            using (result) return input.copy_(result).alias();
        }
    }

    public sealed class ReLU6 : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal ReLU6(bool inplace) : base(nameof(ReLU6)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor tensor) => tensor.hardtanh(0, 6).Into(tensor, inplace);
    }

    public sealed class Hardtanh : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Hardtanh(double min_val, double max_val, bool inplace) : base(nameof(Hardtanh))
        {
            this.min_val = min_val;
            this.max_val = max_val;
            this.inplace = inplace;
        }

        public double min_val { get; set; }

        public double max_val { get; set; }

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor tensor) => tensor.hardtanh(min_val, max_val).Into(tensor, inplace);
    }

    public sealed class Hardsigmoid : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Hardsigmoid(bool inplace) : base(nameof(Hardsigmoid)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor tensor) => Aten.hardsigmoid.Call(tensor).Into(tensor, inplace);
    }

    public sealed class Hardswish : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Hardswish(bool inplace) : base(nameof(Hardswish)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor tensor) => Aten.hardswish.Call(tensor).Into(tensor, inplace);
    }

    /// <summary>x where it is positive, else a learned slope times x: one slope for all, or one for each channel.</summary>
    public sealed class PReLU : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private Parameter? _weight;

        internal PReLU(long num_parameters, double init, torch.Device? device, torch.ScalarType? dtype) : base(nameof(PReLU))
        {
            this.num_parameters = num_parameters;
            weight = new Parameter(torch.full([num_parameters], init, dtype ?? torch.ScalarType.Float32, device));
        }

        public long num_parameters { get; }

        public Parameter weight
        {
            get => _weight!;
            set => SetParameter(nameof(weight), _weight = value);
        }

        public override torch.Tensor forward(torch.Tensor tensor) => Aten.prelu.Call(tensor, weight);
    }
}
