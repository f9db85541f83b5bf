#nullable disable
using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Stochastic gradient descent, with or without momentum.</summary>
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    public class SGD : OptimizerHelper, torch.optim.IMomentum
    {
        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0,
            double weight_decay = 0, bool nesterov = false, bool maximize = false)
        {
            if (!(lr >= 0)) throw new ArgumentException($"The learning rate is {lr}; it must not be negative.", nameof(lr));
            if (nesterov && (momentum <= 0 || dampening != 0))
                throw new ArgumentException("Nesterov's momentum takes a momentum above 0 and no dampening.", nameof(nesterov));
            var options = new Options
            {
                LearningRate = lr, InitialLearningRate = lr, momentum = momentum, dampening = dampening,
                weight_decay = weight_decay, nesterov = nesterov, maximize = maximize,
            };
            Add(new ParamGroup(parameters, options), _ => new State());
        }

        /// <summary>The first group's; setting it sets every group's.</summary>
        public double Momentum
        {
            get => ((ParamGroup)Groups[0]).Momentum;
            set
            {
                foreach (var group in Groups) ((ParamGroup)group).Momentum = value;
            }
        }

        private protected override void Update(Modules.ParamGroup group)
        {
            var options = ((ParamGroup)group).Options;
            double momentum = options.momentum!.Value, decay = options.weight_decay!.Value;
            var items = WithGradients<State>(group);
            if (items.Count == 0) return;
            var parameters = items.ConvertAll<torch.Tensor>(item => item.Parameter).ToArray();
            var gradients = items.ConvertAll(item => item.Gradient).ToArray();
            if (options.maximize!.Value) gradients = Foreach.Neg(gradients);
            if (decay != 0) gradients = Foreach.Add(gradients, parameters, decay);
            if (momentum != 0)
            {
                var buffers = items.Select((item, i) => item.State.Next(gradients[i], momentum, options.dampening!.Value)).ToArray();
                gradients = options.nesterov!.Value ? Foreach.Add(gradients, buffers, momentum) : buffers;
            }
            Foreach.Add_(parameters, gradients, -options.LearningRate!.Value);
        }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            internal override void Load(OptimizerOptions source)
            {
                base.Load(source);
                var other = (Options)source;
                (momentum, dampening, weight_decay) = (other.momentum, other.dampening, other.weight_decay);
                (nesterov, maximize) = (other.nesterov, other.maximize);
            }
        }

        public class ParamGroup : ParamGroup<Options>, torch.optim.IMomentum
        {
            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public double Momentum
            {
                get => Options.momentum!.Value;
                set => Options.momentum = value;
            }
        }

        public sealed class State : OptimizerState, IDisposable
        {
            /// <summary>The decaying sum of the gradients; null before the first step with momentum.</summary>
            public torch.Tensor momentum_buffer;

            internal State()
            {
            }

            internal torch.Tensor Next(torch.Tensor gradient, double momentum, double dampening)
            {
                if (momentum_buffer is null) momentum_buffer = gradient.clone().DetachFromDisposeScope();
                else momentum_buffer.mul_((Scalar)momentum).add_(gradient, alpha: 1 - dampening);
                return momentum_buffer;
            }

            internal override void Load(OptimizerState source)
            {
                if (ReferenceEquals(this, source)) return;
                momentum_buffer?.Dispose();
                momentum_buffer = ((State)source).momentum_buffer?.clone().DetachFromDisposeScope();
            }

            internal override void Free() => Dispose();

            public void Dispose() => momentum_buffer?.Dispose();
        }
    }
}
