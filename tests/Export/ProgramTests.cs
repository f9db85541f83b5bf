using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>What C# makes of a forward: asynchronous methods, iterators, constructors, static fields, threads.</summary>
public class ProgramTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> _handled = new()
    {
        ["an asynchronous method"] = x => Doubled(x).Result + x,
        ["an asynchronous method, its awaiter"] = x => Doubled(x).GetAwaiter().GetResult() + Valued(x).AsTask().GetAwaiter().GetResult(),
        ["an asynchronous method that waits"] = x => Slowly(x).Result,
        ["an asynchronous lambda"] = x => ((Func<Tensor, Task<Tensor>>)(async y => await Doubled(y) + 1))(x).Result,
        ["a generic asynchronous method"] = x => Pair(x, "x").Result.Item1,
        ["an iterator that a loop runs"] = x => { var sum = x; foreach (var power in Powers(x)) sum += power; return sum; },
        ["an iterator that a library runs"] = x => stack([.. Powers(x).ToList()], 1) * cat(Powers(x).ToArray(), 1).sum(1, keepdim: true)
            .unsqueeze(2),
        ["an iterator behind Linq"] = x => Powers(x).Select(power => power * 2).Aggregate((left, right) => left + right),
        ["an iterator of an iterator"] = x => Powers(x).Zip(Tuples(x), (power, pair) => power * pair.Half).Aggregate((a, b) => a + b),
        ["an iterator that is virtual"] = x => ((Terms)new Squares(x)).All().Aggregate((a, b) => a + b),
        ["a constructor that computes"] = x => new Statistics(x).Normal(x),
        ["a constructor of a base class"] = x => new Squares(x).Sum + x,
        ["a constructor of a structure"] = x => new Range(x).Width + default(Range).Or(x),
        ["a primary constructor and a record"] = x => new Halves(x * 0.5f, x.sin()) is var (half, sine) ? half + sine : x,
        ["a generic class"] = x => new Box<Tensor>(x * 2, y => y + 1).Value,
        ["an object initializer"] = x => new Settings { Scale = x.abs() + 1 }.Scale * x,
        ["a static field"] = x => x * Constants.Weights + Constants.Bias,
        ["a static field of a class that a constructor uses"] = x => new Biased(x).Value,
        ["a local function"] = x =>
        {
            var scale = x.abs() + 1;
            return Scaled(x) + Twice(Scaled(x));
            Tensor Scaled(Tensor y) => y / scale;
            static Tensor Twice(Tensor y) => y * 2;
        },
        ["a local iterator"] = x =>
        {
            return Parts().Aggregate((a, b) => a * b);
            IEnumerable<Tensor> Parts()
            {
                yield return x.cos();
                yield return x + 1;
            }
        },
        ["a loop that only C# runs on threads"] = x =>
        {
            var sum = 0;
            Parallel.For(0, 10, i => Interlocked.Add(ref sum, i));
            return x * sum;
        },
        ["an exception of its own"] = x =>
        {
            try
            {
                throw new Found(x * 2);
            }
            catch (Found found)
            {
                return found.Value;
            }
        },
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> _refused = new()
    {
        ["Parallel.For"] = x =>
        {
            var parts = new Tensor[8];
            Parallel.For(0, 8, i => parts[i] = x * i);
            return stack(parts).sum([0]);
        },
        ["Parallel.ForEach"] = x =>
        {
            Parallel.ForEach([1, 2], i => x = x * i);
            return x;
        },
        ["AsParallel"] = x => new[] { x, x * 2 }.AsParallel().Select(y => y.exp()).ToArray()[1],
        ["Task.Run"] = x => Task.Run(() => x * 2).Result,
        ["a task that is awaited"] = x => OnAnotherThread(x).Result,
        ["a thread"] = x =>
        {
            var result = x;
            var thread = new Thread(() => result = x * 2);
            thread.Start();
            thread.Join();
            return result;
        },
    };

    public static TheoryData<string> Handled => [.. _handled.Keys];

    public static TheoryData<string> Refused => [.. _refused.Keys];

    [Theory]
    [MemberData(nameof(Handled))]
    public void It_is_recorded(string name)
    {
        using var network = Sequential(("head", new Function(_handled[name])));
        using var folder = new TemporaryFolder();
        // Twice: what a program keeps from its first run must not change the second.
        OnnxExporter.Export(network, folder["network.onnx"], [5L]);
        OnnxExporter.Export(network, folder["network.onnx"], [5L]);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_other_threads_compute_is_refused_by_module_function_and_line(string name)
    {
        using var network = Sequential(("head", new Function(_refused[name])));
        using var folder = new TemporaryFolder();
        var message = Assert.Throws<ExportException>(() => OnnxExporter.Export(network, folder["network.onnx"], [5L])).Message;
        Assert.Contains("Module 'head'", message);
        Assert.Contains("on another thread", message);
        Assert.Contains("ProgramTests.cs:", message);
        Assert.Contains("in a loop in place of Parallel.For", message);
        Assert.False(File.Exists(folder["network.onnx"]));
    }

    private static async Task<Tensor> Doubled(Tensor x)
    {
        await Task.CompletedTask;
        return x * 2;
    }

    private static async ValueTask<Tensor> Valued(Tensor x)
    {
        var y = await Doubled(x);
        return y.sin();
    }

    private static async Task<Tensor> Slowly(Tensor x)
    {
        x = x * 3;
        await Task.Yield();
        x = x.tanh();
        await Task.Delay(1);
        return await Doubled(x);
    }

    private static async Task<(Tensor, T)> Pair<T>(Tensor x, T other)
    {
        await Task.Yield();
        return (x.exp(), other);
    }

    private static async Task<Tensor> OnAnotherThread(Tensor x) => await Task.Run(() => x * 2) + 1;

    private static IEnumerable<Tensor> Powers(Tensor x)
    {
        for (var i = 1; i < 4; i++)
        {
            yield return x;
            x = x * x;
        }
    }

    private static IEnumerable<(Tensor Half, int Number)> Tuples(Tensor x)
    {
        foreach (var power in Powers(x)) yield return (power / 2, 1);
    }

    private abstract class Terms(Tensor x)
    {
        public Tensor Sum { get; } = x + x.square();

        public abstract IEnumerable<Tensor> All();
    }

    private sealed class Squares(Tensor x) : Terms(x * 2)
    {
        private readonly Tensor _square = x.square();

        public override IEnumerable<Tensor> All()
        {
            yield return _square;
            yield return Sum;
        }
    }

    private sealed class Statistics
    {
        private readonly Tensor _mean, _deviation;

        public Statistics(Tensor x)
        {
            _mean = x.mean([1], keepdim: true);
            _deviation = (x - _mean).square().mean([1], keepdim: true).sqrt();
        }

        public Tensor Normal(Tensor x) => (x - _mean) / (_deviation + 0.1);
    }

    private readonly struct Range(Tensor x)
    {
        private readonly Tensor? _width = x.amax([1], keepdim: true) - x.amin([1], keepdim: true);

        public Tensor Width => _width!;

        public Tensor Or(Tensor other) => _width ?? other;
    }

    private sealed record Halves(Tensor Half, Tensor Sine)
    {
        public Tensor Sum { get; } = Half + Sine;
    }

    private sealed class Box<T>(T value, Func<T, T> change)
    {
        public T Value { get; } = change(value);
    }

    private sealed class Settings
    {
        public required Tensor Scale { get; init; }
    }

    private sealed class Biased(Tensor x)
    {
        public Tensor Value { get; } = x + Constants.Bias;
    }

    private static class Constants
    {
        public static readonly Tensor Weights = arange(5, dtype: ScalarType.Float32);
        public static readonly Tensor Bias = Weights * 0.1f + 1;
    }

    private sealed class Found(Tensor value) : Exception("found")
    {
        public Tensor Value { get; } = value + 1;
    }

    private sealed class Function(Func<Tensor, Tensor> function) : Module<Tensor, Tensor>(nameof(Function))
    {
        public override Tensor forward(Tensor x) => function(x);
    }
}
