#nullable disable
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }

        /// <summary>Changes parameters after their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            private protected readonly List<ParamGroup> Groups = [];

            private protected Optimizer()
            {
            }

            /// <summary>The groups of parameters, whose learning rates can be changed between steps.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => Groups;

            public virtual IEnumerable<Parameter> parameters() => Groups.SelectMany(group => group.Parameters);

            /// <summary>Sets the gradients that there are to zero; <see cref="nn.Module.zero_grad"/> can take them away instead.</summary>
            public virtual void zero_grad()
            {
                using var scope = NewDisposeScope();
                foreach (var parameter in parameters()) parameter.grad?.zero_();
            }

            /// <param name="closure">Computes the loss and the gradients anew, where given.</param>
            /// <returns>The closure's loss, or null.</returns>
            public virtual Tensor step(Func<Tensor> closure = null)
            {
                Tensor loss = null;
                if (closure is not null)
                    using (enable_grad()) loss = closure();
                using var gradients = no_grad();
                using var scope = NewDisposeScope();
                foreach (var group in Groups) Update(group);
                return loss;
            }

            private protected abstract void Update(ParamGroup group);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>The state of an optimiser, in the order of its groups and their parameters.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];
            }
        }
    }
}
