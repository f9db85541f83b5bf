using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = true,
                bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = true,
                bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    public abstract class BatchNorm : NormBase
    {
        public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats,
            torch.Device? device, torch.ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
        {
        }

        public override torch.Tensor forward(torch.Tensor input)
        {
            ValidateInputDimensions(input);
            var updates = training && track_running_stats;
            if (updates)
                using (torch.no_grad()) num_batches_tracked?.add_((Scalar)1);
            // Without a momentum the running statistics are the plain average of all batches so far.
            var factor = momentum ?? (updates ? 1.0 / num_batches_tracked!.item<long>() : 0);
            var useBatch = training || running_mean is null;
            return torch.nn.functional.batch_norm(input, !training || track_running_stats ? running_mean : null,
                !training || track_running_stats ? running_var : null, weight, bias, useBatch, factor, eps);
        }
    }

    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats,
            torch.Device? device, torch.ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
        {
        }

        protected override void ValidateInputDimensions(torch.Tensor input)
        {
            if (input.ndim is not (2 or 3)) throw new ArgumentException($"BatchNorm1d takes [N, C] or [N, C, L], not {input.ndim} dimensions.", nameof(input));
        }
    }

    public sealed class BatchNorm2d : BatchNorm
    {
        // The name it gives is BatchNorm1d, as in the package.
        internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats,
            torch.Device? device, torch.ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
        {
        }

        protected override void ValidateInputDimensions(torch.Tensor input)
        {
            if (input.ndim != 4) throw new ArgumentException($"BatchNorm2d takes [N, C, H, W], not {input.ndim} dimensions.", nameof(input));
        }
    }
}
