#nullable disable
using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Adam, by Kingma and Ba 2015.</summary>
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>
    /// Adam over whole lists of tensors at once: a step is one pass over the memory on CPU, and elsewhere a fixed, small number of
    /// dispatches, whatever the number of parameters.
    /// </summary>
    public class Adam : OptimizerHelper, torch.optim.IBetas
    {
        public Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
            double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            if (!(lr >= 0)) throw new ArgumentException($"The learning rate is {lr}; it must not be negative.", nameof(lr));
            if (!(beta1 >= 0 && beta1 < 1)) throw new ArgumentException($"beta1 is {beta1}; it must be in [0, 1).", nameof(beta1));
            if (!(beta2 >= 0 && beta2 < 1)) throw new ArgumentException($"beta2 is {beta2}; it must be in [0, 1).", nameof(beta2));
            var options = new Options
            {
                LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps,
                weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize,
            };
            Add(new ParamGroup(parameters, options), parameter => new State(parameter, amsgrad));
        }

        /// <summary>The first group's; setting them sets every group's.</summary>
        public (double, double) Betas
        {
            get => ((ParamGroup)Groups[0]).Betas;
            set
            {
                foreach (var group in Groups) ((ParamGroup)group).Betas = value;
            }
        }

        private protected override void Update(Modules.ParamGroup group)
        {
            // Parameters that went without gradients for some steps are behind in their bias corrections.
            foreach (var alike in WithGradients<State>(group).GroupBy(item => ++item.State.step))
                Update([.. alike], alike.Key, ((ParamGroup)group).Options);
        }

        private static void Update((Parameter Parameter, torch.Tensor Gradient, State State)[] items, long step, Options options)
        {
            double beta1 = options.beta1!.Value, beta2 = options.beta2!.Value;
            torch.Tensor[] parameters = Array.ConvertAll(items, item => item.Parameter);
            var gradients = Array.ConvertAll(items, item => item.Gradient);
            var averages = Array.ConvertAll(items, item => item.State.exp_avg);
            var squares = Array.ConvertAll(items, item => item.State.exp_avg_sq);
            if (options.maximize!.Value) gradients = Foreach.Neg(gradients);
            if (options.weight_decay!.Value != 0) gradients = Foreach.Add(gradients, parameters, options.weight_decay.Value);

            // lr m̂ / (√v̂ + ε) with both bias corrections drawn out of the tensors: v̂ = v / c², m̂ = m / (1 - β₁ᵗ).
            var c = Math.Sqrt(1 - Math.Pow(beta2, step));
            double rate = options.LearningRate!.Value * c / (1 - Math.Pow(beta1, step)), epsilon = options.eps!.Value * c;
            var largest = options.amsgrad!.Value ? Array.ConvertAll(items, item => item.State.max_exp_avg_sq) : null;
            if (largest is null && Aten.gan_adam_.CallBool(parameters, gradients, averages, squares, beta1, beta2, rate, epsilon)) return;

            Foreach.Mul_(averages, beta1);
            Foreach.Add_(averages, gradients, 1 - beta1);
            Foreach.Mul_(squares, beta2);
            Foreach.AddCMul_(squares, gradients, gradients, 1 - beta2);
            if (largest is not null) Foreach.Maximum_(largest, squares);
            var denominators = Foreach.Sqrt(largest ?? squares);
            Foreach.Add_(denominators, epsilon);
            Foreach.AddCDiv_(parameters, averages, denominators, -rate);
        }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? eps;
            public double? weight_decay;
            public bool? amsgrad;
            public bool? maximize;

            internal override void Load(OptimizerOptions source)
            {
                base.Load(source);
                var other = (Options)source;
                (beta1, beta2, eps) = (other.beta1, other.beta2, other.eps);
                (weight_decay, amsgrad, maximize) = (other.weight_decay, other.amsgrad, other.maximize);
            }
        }

        public class ParamGroup : ParamGroup<Options>, torch.optim.IBetas
        {
            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public (double, double) Betas
            {
                get => (Options.beta1!.Value, Options.beta2!.Value);
                set => (Options.beta1, Options.beta2) = value;
            }
        }

        public sealed class State : OptimizerState, IDisposable
        {
            /// <summary>Steps taken.</summary>
            public long step;

            /// <summary>The running average of the gradients.</summary>
            public torch.Tensor exp_avg;

            /// <summary>The running average of their squares.</summary>
            public torch.Tensor exp_avg_sq;

            /// <summary>The largest <see cref="exp_avg_sq"/> so far; null without AMSGrad.</summary>
            public torch.Tensor max_exp_avg_sq;

            internal State(Parameter parameter, bool amsgrad)
            {
                exp_avg = Zeros(parameter);
                exp_avg_sq = Zeros(parameter);
                if (amsgrad) max_exp_avg_sq = Zeros(parameter);
            }

            internal override void Load(OptimizerState source)
            {
                var other = (State)source;
                step = other.step;
                exp_avg.copy_(other.exp_avg);
                exp_avg_sq.copy_(other.exp_avg_sq);
                if (max_exp_avg_sq is not null && other.max_exp_avg_sq is not null) max_exp_avg_sq.copy_(other.max_exp_avg_sq);
            }

            internal override void Free() => Dispose();

            public void Dispose()
            {
                exp_avg.Dispose();
                exp_avg_sq.Dispose();
                max_exp_avg_sq?.Dispose();
            }
        }
    }
}
