using System.Reflection;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace GanPipeline.Export.Tests;

/// <summary>
/// Every overload of every function that the exporter knows, found by reflection and called with arguments made by the parameters' names
/// and types: overloads call their parameters differently, which a converter must know. What Torch does not take of these is left out, and
/// then has a case in <see cref="FunctionTests"/>.
/// </summary>
public class OverloadTests(ITestOutputHelper output)
{
    private static readonly Tensor _square = (arange(36, dtype: ScalarType.Float32).sin() * 0.5).view(6, 6).DetachFromDisposeScope();
    private static readonly Tensor _index = tensor(new long[] { 3, 0, 2 }).DetachFromDisposeScope();

    /// <summary>The tensors in their order, where an x of [N, 4, 6] and its cosine do not fit.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor[]>> _tensors = new()
    {
        ["matmul"] = x => [x, x.mT],
        ["bmm"] = x => [x, x.mT],
        ["mm"] = x => [x[.., 0], _square],
        ["mv"] = x => [x[.., 0], _square[0]],
        ["addmm"] = x => [x[.., 1], x[.., 0], _square],
        ["addmv"] = x => [x[.., 1, 0], x[.., 0], _square[0]],
        ["baddbmm"] = x => [x, x.mT, x.matmul(x.mT)],
        ["addbmm"] = x => [x[0], x, x.mT.matmul(x)],
        ["addr"] = x => [x[0], x[0, .., 0], _square[0]],
        ["dot"] = x => [x[0, 0], _square[0]],
        ["vdot"] = x => [x[0, 0], _square[0]],
        ["outer"] = x => [x[0, 0], _square[0]],
        ["ger"] = x => [x[0, 0], _square[0]],
        ["det"] = x => [x.matmul(x.mT)],
        ["logdet"] = x => [x.matmul(x.mT) + 1],
        ["slogdet"] = x => [x[.., .., ..4] - 2 * eye(4)],
        ["matrix_power"] = x => [x.matmul(x.mT)],
        ["gather"] = x => [x, x.argsort(1)],
        ["scatter"] = x => [x, x.argsort(1), x * 2],
        ["scatter_add"] = x => [x, x.argsort(1), x * 2],
        ["take_along_dim"] = x => [x, x.argsort(1)],
        ["index_add"] = x => [x, _index, x[.., ..3]],
        ["index_copy"] = x => [x, _index, x[.., ..3]],
        ["select_scatter"] = x => [x, x[.., 0] * 2],
        ["bucketize"] = x => [x, arange(4, ScalarType.Float32) * 0.3],
        ["vander"] = x => [x[0, 0]],
        ["trace"] = x => [x[0]],
        ["diag"] = x => [x[0]],
        ["cov"] = x => [x[0]],
        ["corrcoef"] = x => [x[0]],
        ["combinations"] = x => [x[0, 0]],
        ["t"] = x => [x[0]],
        ["prelu"] = x => [x, _square[0, ..4]],
        ["bitwise_not"] = x => [x > 0.5],
        ["bitwise_and"] = x => [x > 0.5, x > 0.7],
        ["bitwise_or"] = x => [x > 0.5, x > 0.7],
        ["bitwise_xor"] = x => [x > 0.5, x > 0.7],
        ["op_BitwiseAnd"] = x => [x > 0.5, x > 0.7],
        ["op_BitwiseOr"] = x => [x > 0.5, x > 0.7],
        ["op_ExclusiveOr"] = x => [x > 0.5, x > 0.7],
        ["op_OnesComplement"] = x => [x > 0.5],
        ["bitwise_left_shift"] = x => [(x * 9).@long(), (x * 3).@long()],
        ["bitwise_right_shift"] = x => [(x * 9).@long(), (x * 3).@long()],
        ["linear"] = x => [x, _square, _square[0]],
        ["scaled_dot_product_attention"] = x => [x, x.cos(), x.sin()],
        ["quantile"] = x => [x, tensor(0.3f)],
    };

    /// <summary>What has no arguments here that serve: it ends the process on wrong ones, or makes no numbers to compare.</summary>
    private static readonly HashSet<string> _left =
    [
        "MoveToOtherDisposeScope", "MoveToOuterDisposeScope", "WrappedTensorDisposeScope", "DetachFromDisposeScope", "pin_memory",
        "DetatchFromDisposeScope", "alias", "op_MinusMinusGreater", "cuda", "mps", "lp_pool2d", "max_unpool1d", "max_unpool2d",
        "max_unpool3d", "empty", "empty_like", "new_empty", "short", "ShortTensor", "char", "half", "acosh", "arccosh", "median", "roll",
        "searchsorted", "vsplit", "hsplit", "dsplit", "tensor_split", "slice", "diagflat", "atleast_1d", "atleast_2d", "atleast_3d",
        "adaptive_avg_pool3d", "one_hot", "call",
    ];

    /// <summary>What hands back what it is given, needs a device or a file, or fails in TorchSharp itself.</summary>
    private static readonly string[] _untested =
    [
        "requires_grad", "detachfromdisposescope", "detatchfromdisposescope", "movetootherdisposescope", "movetoouterdisposescope",
        "wrappedtensordisposescope", "op_MinusMinusGreater", "cuda", "mps", "pin_memory", "load", "from_file", "frombuffer",
        "upsample_nearest", "Transformer.call", "TransformerEncoderLayer.call",
    ];

    [Fact]
    public void Overloads_compute_the_same()
    {
        using var folder = new TemporaryFolder();
        var (wrong, left, right) = (new List<string>(), new List<string>(), new HashSet<string>());
        var count = 0;
        foreach (var method in Methods())
        {
            using var network = new Called(method);
            try
            {
                OnnxExporter.Export(
                    network, folder["function.onnx"], [ModelInput.Uniform("x", [4, 6], 0.1, 0.9)], new() { Opset = 18 });
                count++;
                right.Add(NameOf(method));
            }
            catch (ExportException e) when (e.Message.Contains("itself fails", StringComparison.Ordinal))
            {
                left.Add($"{Text(method)}: {e.Message}");
            }
            catch (ExportException e)
            {
                wrong.Add($"{Text(method)}: {e.Message}");
            }
        }
        output.WriteLine($"{count} overloads of {right.Count} functions; {left.Count} that Torch did not take:\n{string.Join('\n', left)}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(count > 800, $"{count} overloads");

        // What says that it is exported was exported, here or there.
        var tested = Calls.Of(typeof(FunctionTests)).Select(NameOf);
        var untested = FunctionTable.Functions.Entries.Where(entry => entry.Value.Exactness != Exactness.Refused).Select(entry => entry.Key)
            .Except(right).Except(tested).Except(_untested).ToArray();
        Assert.True(untested.Length == 0, string.Join(' ', untested));
    }

    private static IEnumerable<MethodInfo> Methods() => ExportReference.Methods.Where(method =>
        !_left.Contains(method.Name) && (!method.Name.EndsWith('_') || method.Name.EndsWith("__", StringComparison.Ordinal)) &&
        !method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike) &&
        (!method.IsStatic || method.GetParameters().Any(parameter => CallWrappers.HasTensors(parameter.ParameterType))) &&
        FunctionTable.Functions.Entries[NameOf(method)].Exactness != Exactness.Refused);

    private static string NameOf(MethodInfo method) => ExportReference.NameOf(method);

    private static string Text(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}" +
        $"({string.Join(", ", method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"))})";

    private static object? Argument(ParameterInfo parameter, Tensor y, Tensor[] list)
    {
        var (type, name) = (parameter.ParameterType, parameter.Name!);
        if (type == typeof(Tensor))
            return name is "out" or "prepend" or "append" or "fweights" or "aweights" or "attn_mask" ? null
                : name is "index" or "indices" ? _index
                : name is "condition" or "mask" ? y > 0.5
                : y;
        if (type == typeof(Tensor[]) || type == typeof(IList<Tensor>) || type == typeof(IEnumerable<Tensor>)) return list;
        if (name == "training") return false;
        if (name == "norm_type") return 2.0;
        if (name == "isImplicit") return false;
        var isAxis = name.StartsWith("dim", StringComparison.Ordinal);
        if (parameter.HasDefaultValue && parameter.DefaultValue is not null && !isAxis) return parameter.DefaultValue;
        var at = Axis(name, ((MethodInfo)parameter.Member).GetParameters());
        if (type == typeof(long) || type == typeof(long?)) return parameter.HasDefaultValue && !isAxis ? null : at;
        if (type == typeof(int) || type == typeof(int?)) return (int)at;
        if (type == typeof(long[])) return Several(parameter.Member.Name, isAxis);
        if (type == typeof((long, long))) return (1L, 2L);
        if (type == typeof((long, long, long))) return (0L, 1L, 2L);
        if (type == typeof(Scalar)) return (Scalar)0.7;
        if (type == typeof(float)) return 0.5f;
        if (type == typeof(double)) return parameter.Member.Name is "norm" or "matrix_norm" ? 1.0 : 0.5;
        if (type == typeof(string)) return "fro";
        if (type == typeof(ScalarType)) return ScalarType.Float32;
        if (type == typeof(bool)) return false;
        return parameter.HasDefaultValue || !type.IsValueType ? null : Activator.CreateInstance(type);
    }

    // One after the other: the second and the third, or all three.
    private static long Axis(string name, ParameterInfo[] all)
    {
        bool Has(string other) => all.Any(parameter => parameter.Name == other);
        return name switch
        {
            "dim0" when Has("dim2") && all[0].Member.Name == "sum" => 0,
            "dim1" when Has("dim0") && !(Has("dim2") && all[0].Member.Name == "sum") => 2,
            "axis1" or "dim2" => 2,
            _ => 1,
        };
    }

    private static long[] Several(string function, bool isAxis) => function switch
    {
        "matrix_norm" when isAxis => [1, 2],
        "norm" when isAxis => [1, 2],
        _ when isAxis => [1],
        "permute" => [1, 2, 0],
        "unflatten" => [2, 2],
        "split" => [1, 3],
        "expand" or "broadcast_to" => [-1, -1, -1],
        "repeat" => [1, 2, 1],
        "reshape" or "view" => [-1, 24],
        "layer_norm" => [6],
        "pad" => [1, 2],
        "adaptive_avg_pool2d" or "adaptive_max_pool2d" or "adaptive_max_pool2d_with_indices" => [2, 3],
        "adaptive_max_pool3d_with_indices" => [1, 2, 3],
        _ => [1],
    };

    /// <summary>One call, told to the recorder as a call in the program's own code is.</summary>
    private sealed class Called(MethodInfo method) : nn.Module<Tensor, Tensor[]>(nameof(Called))
    {
        public override Tensor[] forward(Tensor x)
        {
            if (method.Name.Contains("2d", StringComparison.Ordinal) || method.Name.StartsWith("pixel", StringComparison.Ordinal) ||
                method.Name == "upsample_bilinear" || (method.Name == "unfold" && method.IsStatic)) x = x.unsqueeze(1);
            if (method.Name.Contains("3d", StringComparison.Ordinal)) x = x.unsqueeze(1).unsqueeze(1);
            var parameters = method.GetParameters();
            var y = x.cos();
            var list = new[] { x * 1, y * 1 };
            var arguments = parameters.Select(parameter =>
                Argument(parameter, method.IsStatic && parameter.Position == 0 ? x : y, list)).ToArray();
            var tensors = _tensors.TryGetValue(method.Name, out var make) ? make(x) : (Tensor[])(method.IsStatic ? [] : [x]);
            var at = method.IsStatic ? 0 : 1;
            for (var i = 0; i < arguments.Length; i++)
                if (parameters[i].ParameterType == typeof(Tensor) && at < tensors.Length && arguments[i] is not null)
                    arguments[i] = tensors[at++];
            var all = method.IsStatic ? arguments : [tensors[0], .. arguments];
            var result = method.Invoke(method.IsStatic ? null : tensors[0], BindingFlags.DoNotWrapExceptions, null, arguments, null);
            Recorder.Leaf(all, result, References.Add(method), References.Add(new CallSite(method, 0)));
            return [.. Recorder.Tensors(result).OfType<Tensor>()];
        }
    }
}
