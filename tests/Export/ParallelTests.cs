using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Exports at the same time, of modules of one class.</summary>
public class ParallelTests
{
    private const int Threads = 4;

    private static readonly Type[] _types =
        [typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(float)];

    [Fact]
    public void They_do_not_take_each_others_half_made_copies()
    {
        using var barrier = new Barrier(Threads);
        // A method is copied once in a process: each of these has methods of its own.
        Type[] networks = [.. _types.SelectMany(first => _types.Select(second => typeof(Network<,>).MakeGenericType(first, second)))];
        var threads = Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(() =>
        {
            List<Exception> errors = [];
            foreach (var type in networks)
            {
                using var network = (Module<Tensor, Tensor>)Activator.CreateInstance(type)!;
                barrier.SignalAndWait();
                try { OnnxExporter.Convert(network, [4]); }
                catch (Exception e) { errors.Add(e); }
            }
            return errors;
        }, TaskCreationOptions.LongRunning)).ToArray();

        Assert.Empty(threads.SelectMany(thread => thread.Result));
    }

    private sealed class Network<TFirst, TSecond>() : Module<Tensor, Tensor>(nameof(Network<,>))
    {
        public override Tensor forward(Tensor x) => Third(Second(x.relu() + 1)) - First(x);

        private static Tensor First(Tensor x) => x.sin() * 2;

        private static Tensor Second(Tensor x) => First(x).cos() / 2;

        private static Tensor Third(Tensor x) => Second(First(x)).tanh() + 3;
    }
}
