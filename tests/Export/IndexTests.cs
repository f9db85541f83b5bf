using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>
/// Indices by masks and by several tensors, read and written, of [N, 4, 6] in [-2, 2): the export itself compares ONNX Runtime with Torch.
/// </summary>
public class IndexTests
{
    private static readonly Tensor _rows = tensor(new long[] { 3, 0, 2 }).DetachFromDisposeScope();
    private static readonly Tensor _columns = tensor(new long[] { -1, 5, 1 }).DetachFromDisposeScope();
    private static readonly Tensor _mask = tensor(new[] { true, false, true, true }).DetachFromDisposeScope();
    private static readonly Tensor _twoAxes = (arange(24).view(4, 6) % 5 < 2).DetachFromDisposeScope();

    private static readonly Dictionary<string, Func<Tensor, Tensor>> _reads = new()
    {
        ["a mask of all"] = x => x[x > 0.5] * 2,
        ["a mask of rows"] = x => x[x.sum([1, 2]) > -20] * 2,
        ["a mask of two axes"] = x => x[x.sum(2) > 0].exp(),
        ["a mask behind an axis"] = x => x[.., I(x[0].sum([1]) > -2)].sum([1]),
        ["a mask at the end"] = x => x[TensorIndex.Ellipsis, I(x[0].sum([0]) > -2)].sum([2]),
        ["a mask that is a constant"] = x => x[.., I(_mask)] * 2,
        ["a mask of two axes that is a constant"] = x => x[.., I(_twoAxes)] * 2,
        ["a mask of bytes"] = x => x[.., I(_mask.to(ScalarType.Byte))] * 2,
        ["a mask and a place"] = x => x[I(x.sum([1, 2]) > -20), 1] * x[I(x.sum([1, 2]) > -20), -1],
        ["a mask and a range"] = x => x[I(x.sum([1, 2]) > -20), 1..3, TensorIndex.Slice(null, null, 2)],
        ["a mask and a new axis"] = x => x[TensorIndex.None, I(x.sum([1, 2]) > -20)].sum([0]),
        ["a mask and places"] = x => x[.., I(_mask), I(_rows)],
        ["a mask and one place in a tensor"] = x => x[I(x.sum(2) > 0), I(_rows[..1])],
        ["a copy that is changed"] = x => { var y = x[.., I(_rows)]; y.add_(1); return y + x[.., ..3]; },
        ["as many as there are"] = x => x[x > 0].sum() / x[x > 0].shape[0] + x,
        ["rows chosen, and a layer"] = x => x[x[.., 0, 0] >= 0].view(-1, 24).softmax(1).unsqueeze(1).repeat(1, 2, 1),
        // The first row is the same in recordings of two batch sizes, and so is what is chosen of it.
        ["as many as one row has"] = x => { var y = x[0][x[0] > 0]; return y.view(-1, 1) * ones(y.shape[0], 2); },
        ["chosen by a mask of chosen"] = x => { var y = x[x > -1]; return y[y < 1] + 1; },

        ["two tensors"] = x => x[.., I(_rows), I(_columns)] * 2,
        ["two tensors that broadcast"] = x => x[.., I(_rows.unsqueeze(1)), I(_columns[..2])],
        ["two tensors, a range between"] = x => cat([x, -x])[I(_rows % 2), .., I(_columns)] * 2,
        ["two tensors, an ellipsis between"] = x => cat([x, -x]).unsqueeze(1)[I(_rows % 2), TensorIndex.Ellipsis, I(_columns)],
        ["two tensors, a new axis between"] = x => x[.., I(_rows), TensorIndex.None, I(_columns)],
        ["two tensors, a place between"] = x => x.unsqueeze(2)[.., I(_rows), 0, I(_columns)],
        ["two tensors behind a new axis"] = x => x[TensorIndex.None, .., I(_rows), I(_columns)].sum([0]),
        ["three tensors"] = x => cat([x, -x])[I(_rows % 2), I(_rows), I(_columns)],
        ["tensors that follow from the input"] = x => x[I(arange(x.shape[0]).unsqueeze(1)), I(x.argmax(1)), I(x.argmin(1))],
        ["the places of the largest"] = x => x[I(arange(x.shape[0])), I(x.sum(2).argmax(1))],
        ["one tensor and a new axis"] = x => x[.., TensorIndex.None, I(_rows), 1],
        ["one tensor of two axes"] = x => x[.., I(_rows.view(1, 3)), 2..],

        ["nonzero"] = x => (x > 0).nonzero().@float() * 2,
        ["nonzero_as_list, where"] = x => x.round().nonzero_as_list()[1].@float() + where(x.round() != 0)[2].@float(),
        ["masked_select"] = x => x.masked_select(x > 0.5) + masked_select(x.expand(x.shape), x > 0.5),
        ["masked_select, broadcast"] = x => x.masked_select(_mask.unsqueeze(1)) * 2,
        ["unique"] = x =>
        {
            var (values, inverse, counts) = x.round().unique(return_inverse: true, return_counts: true);
            return cat([values, counts!.@float(), inverse!.@float().reshape(-1)], 0);
        },
        ["unique rows"] = x => x.sign().unique(dim: 0).output.sum(1),
        ["unique_consecutive"] = x =>
        {
            var (values, inverse, counts) = x.round().unique_consecutive(return_inverse: true, return_counts: true);
            return cat([values, counts!.@float(), inverse!.@float().reshape(-1)], 0);
        },
        ["repeat_interleave by a tensor"] = x => x.repeat_interleave(tensor(new long[] { 2, 0, 1, 3 }), 1) * 2,
        ["repeat_interleave as often as values say"] = x => x[0].repeat_interleave(x[0, .., 0].abs().round().@long() + 1, 0) * 2,
        ["repeat_interleave by one number in a tensor"] = x => x.repeat_interleave(x[0, 0, 0].abs().round().@long() + 1, 2) +
            x.repeat_interleave(x[0, 0, ..1].abs().round().@long() + 1, 2),
        ["repeat_interleave of all"] = x => x[0, 0].repeat_interleave(x[0, 0].abs().round().@long() + 1) * 2,
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> _writes = new()
    {
        ["a number by a mask"] = x => { var y = x * 1; y[x > 0.5] = 3f; return y; },
        ["a number by a mask of rows"] = x => { var y = x * 1; y[x.sum(2) > 0] = 3f; return y; },
        ["a number by a mask behind an axis"] = x => { var y = x * 1; y[.., I(_mask)] = -1f; return y; },
        ["a row by a mask"] = x => { var y = x * 1; y[x.sum(2) > 0] = x[0, 0]; return y; },
        ["a tensor by a mask"] = x => { var y = x * 1; y[x > 0.5] = x[x > 0.5].sin(); return y; },
        ["rows by a mask"] = x => { var y = x * 1; y[x.sum(2) > 0] = x[x.sum(2) > 0] * 2; return y; },
        ["by a mask, read again"] = x => { var y = x * 1; y[y < 0] = 0f; y[y > 1] = y[y > 1].sqrt(); return y; },
        ["a number by a tensor"] = x => { var y = x * 1; y[.., I(_rows)] = 3f; return y; },
        ["a tensor by a tensor"] = x => { var y = x * 1; y[.., I(_rows)] = x[.., ..3].sin(); return y; },
        ["a tensor by two"] = x => { var y = x * 1; y[.., I(_rows[..2]), I(_columns[1..])] = x[.., 0, ..1]; return y; },
        ["by places of the input"] = x => { var y = x * 1; y[I(arange(x.shape[0])), I(x.sum(2).argmax(1))] = x[.., 0]; return y; },
        ["by a step"] = x => { var y = x * 1; y[.., TensorIndex.Slice(0, null, 2)] = x[.., ..2] * 3; return y; },
        ["the last of the batch"] = x => { var y = x * 1; y[-1] = 0f; y[0] = x[0] * 2; return y; },
        ["a range of the batch"] = x => { var y = x * 1; y[1..] = x[..^1]; return y; },
        ["what is broadcast"] = x => { var y = x * 1; y[.., 1..3] = x[0, 0]; y[.., .., 2] = x[0, .., 0]; return y; },
        ["a part of a new tensor"] = x => { var y = zeros(x.shape[0], 8, 6); y[.., 2..6] = x; return y; },
        ["index_put_"] = x => (x * 1).index_put_(x[0, 0, 0], TensorIndex.Ellipsis, I(_columns[..1])) +
            (x * 1).index_put_(x[.., 0].sum([0]), [TensorIndex.Slice(), TensorIndex.Single(1)]),
        ["index_put_ of a number"] = x => (x * 1).index_put_((Scalar)2, TensorIndex.Slice(), I(_rows)),
        ["index_put_ by tensors"] = x => cat([x, -x]).index_put_(x[0, ..3], [_rows % 2, _rows]),
        ["index_put_, added"] = x => (x * 1).index_put_(x[0, ..2], [I(_rows[..2] * 0), I(_rows[..2] * 0)], true),
        ["index_put_, added by a mask"] = x => (x * 1).index_put_(tensor(2f), [I(x > 0)], true),
        ["masked_scatter"] = x => x.masked_scatter(x > 0, x.sin()) + (x * 1).masked_scatter_(_mask.unsqueeze(1), x.cos()),
        ["slice_scatter by a step"] = x => x.slice_scatter(x[.., ..2].cos(), 1, 0, 4, 2),
    };

    public static TheoryData<string> Reads => [.. _reads.Keys];

    public static TheoryData<string> Writes => [.. _writes.Keys];

    [Theory]
    [MemberData(nameof(Reads))]
    public void What_is_chosen_is_the_same(string name) => Export(_reads[name], 18);

    [Theory]
    [MemberData(nameof(Writes))]
    public void What_is_written_is_the_same(string name) => Export(_writes[name], 18);

    [Theory]
    [InlineData(13)]
    [InlineData(21)]
    public void In_every_operator_set_that_has_it(int opset)
    {
        var refused = new List<string>();
        foreach (var (name, function) in _reads.Concat(_writes))
        {
            try
            {
                Export(function, opset);
            }
            catch (ExportException e) when (e.Message.Contains("from operator set 16 on"))
            {
                refused.Add(name);
            }
        }
        Assert.Equal(opset < 16 ? ["index_put_, added"] : (string[])[], refused);
    }

    [Fact]
    public void The_number_of_chosen_rows_is_a_dynamic_size()
    {
        using var network = new Function(x => x[x.sum([1, 2]) > 0]);
        var output = Exported.From(network, [4, 6]).Model.Graph.Output.Single().Type.TensorType.Shape.Dim;
        Assert.Equal(["output_size0", "", ""], output.Select(size => size.DimParam));
        Assert.Equal([0, 4, 6], output.Select(size => size.DimValue));
    }

    [Fact]
    public void Chosen_rows_go_through_the_layers_behind()
    {
        using var network = Sequential(new Function(x => x[x.sum([1, 2]) > 0]), Flatten(), Linear(24, 3),
            new Function(x => x.view(x.shape[0], 3, 1) * arange(x.shape[0]).view(-1, 1, 1)), ReLU());
        Exported.From(network, [4, 6]);
    }

    [Fact]
    public void A_mask_that_leaves_nothing_out_has_a_size_of_its_own_or_is_refused()
    {
        using var folder = new TemporaryFolder();
        // Of numbers below 100,000 hardly one is 0, the padding; of some inputs it is half of them.
        using var words = new Function(x => x[x != 0].view(-1, 1) * ones(x[x != 0].shape[0], 2));
        OnnxExporter.Export(words, folder["words.onnx"], [ModelInput.Integers("x", [3], 100_000)]);
        using var rows = new Function(x => x[x.sum([1]) > -100] * arange(x[x.sum([1]) > -100].shape[0]).view(-1, 1));
        Assert.Contains("chooses by a mask all that there is", Assert.Throws<ExportException>(() =>
            OnnxExporter.Export(rows, folder["rows.onnx"], [3])).Message);
    }

    [Fact]
    public void Masks_go_with_dynamic_axes()
    {
        using var network = new Function(x => x.mT[(x > 0).any(1)] * 2);
        using var folder = new TemporaryFolder();
        OnnxExporter.Export(network, folder["network.onnx"],
            [ModelInput.Normal("x", [2, 5]) with { DynamicAxes = new Dictionary<int, string> { [2] = "L" } }]);
    }

    [Fact]
    public void A_mask_writes_by_one_choice()
    {
        using var network = new Function(_writes["a number by a mask"]);
        Assert.DoesNotContain(Exported.From(network, [4, 6]).Model.Operators(), name => name.StartsWith("Scatter"));
    }

    private static TensorIndex I(Tensor index) => TensorIndex.Tensor(index);

    private static void Export(Func<Tensor, Tensor> function, int opset)
    {
        using var network = new Function(function);
        using var folder = new TemporaryFolder();
        OnnxExporter.Export(network, folder["function.onnx"], [ModelInput.Uniform("x", [4, 6], -2, 2)], new() { Opset = opset });
        Inference.ModelCheck.Require(folder["function.onnx"]);
    }

    private sealed class Function(Func<Tensor, Tensor> function) : Module<Tensor, Tensor>(nameof(Function))
    {
        public override Tensor forward(Tensor x) => function(x);
    }
}
