using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Compat.Tests.ML;

public class OnnxTransformTests
{
    private sealed class Row
    {
        [ColumnName("x"), VectorType(3)]
        public float[] X = [];

        [VectorType(6)]
        public float[] Six = [1, 2, 3, 4, 5, 6];

        [VectorType(3)]
        public long[] Long = [];

        public float[] Any = [1, 2, 3];

        public long One = 7;
    }

    private readonly MLContext context = new(seed: 1);
    private readonly IDataView view;

    public OnnxTransformTests() => view = context.Data.LoadFromEnumerable(
        Enumerable.Range(0, 50).Select(i => new Row { X = [i, -i, 0.5f], Long = [i, long.MinValue + 1 + i, -1] }).ToArray());

    /// <summary>The view with another column in the place of x.</summary>
    private IDataView With(string column) => context.Transforms.CopyColumns("x", column).Fit(view).Transform(view);

    private static IEnumerable<float[]> Sums => Enumerable.Range(0, 50).Select(i => new[] { 2f * i, -2 * i, 1 });

    [Fact]
    public void Rows_are_evaluated_one_by_one()
    {
        using var model = new MemoryStream(OnnxModels.Sum);
        var scored = context.Transforms.ApplyOnnxModel("sum", "x", model).Fit(view).Transform(view);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 1, 3), scored.Schema["sum"].Type);
        Assert.Equal(Sums, scored.GetColumn<float[]>("sum"));
    }

    [Fact]
    public void Outputs_lose_the_ending_output_and_share_one_evaluation()
    {
        using var model = new MemoryStream(OnnxModels.Make(DataType.Int64, ["N", 3L], ("minus.output", "Neg"), ("size", "Abs")));
        var scored = context.Transforms.ApplyOnnxModel(model).Fit(With("Long")).Transform(With("Long"));
        Assert.Equal(["minus", "size"], scored.Schema.Select(column => column.Name).TakeLast(2));
        Assert.Equal([-4L, long.MaxValue - 4, 1], scored.GetColumn<long[]>("minus").ElementAt(4));
        Assert.Equal([4L, long.MaxValue - 4, 1], scored.GetColumn<long[]>("size").ElementAt(4));
        var pairs = context.Data.CreateEnumerable<Pair>(scored, reuseRowObject: false).ToArray();
        Assert.All(pairs, pair => Assert.Equal(pair.Size, pair.Minus.Select(Math.Abs)));
    }

    private sealed class Pair
    {
        [ColumnName("minus")]
        public long[] Minus { get; set; } = [];

        [ColumnName("size")]
        public long[] Size { get; set; } = [];
    }

    [Fact]
    public void A_second_unknown_dimension_follows_from_the_column()
    {
        var model = OnnxModels.Make(DataType.Float, ["N", "H", 2L], ("y", "Abs"));
        var six = With("Six");
        using (var stream = new MemoryStream(model))
        {
            var scored = context.Transforms.ApplyOnnxModel("y", "x", stream).Fit(six).Transform(six);
            Assert.False(((VectorDataViewType)scored.Schema["y"].Type).IsKnownSize);
            Assert.Equal([1f, 2, 3, 4, 5, 6], scored.GetColumn<float[]>("y").First());
        }
        using (var stream = new MemoryStream(model))
        {
            var error = Assert.Throws<InvalidOperationException>(() => context.Transforms.ApplyOnnxModel("y", "x", stream).Fit(view));
            Assert.Contains("shape 1,-1,2", error.Message);
            Assert.Contains("of length 3", error.Message);
        }
        using (var stream = new MemoryStream(model))
        {
            var shapes = new Dictionary<string, int[]> { ["x"] = [1, 3, 2], ["y"] = [1, 3, 2] };
            var scored = context.Transforms.ApplyOnnxModel("y", "x", stream, shapes).Fit(six).Transform(six);
            Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 1, 3, 2), scored.Schema["y"].Type);
        }
        using (var stream = new MemoryStream(OnnxModels.Make(DataType.Float, ["N", "H", "W"], ("y", "Abs"))))
        {
            var error = Assert.Throws<InvalidOperationException>(() => context.Transforms.ApplyOnnxModel("y", "x", stream).Fit(six));
            Assert.Contains("only one dimension may be unknown", error.Message);
        }
    }

    [Fact]
    public void Columns_that_do_not_fit_the_model_are_refused_at_Fit()
    {
        using var model = new MemoryStream(OnnxModels.Sum);
        var estimator = context.Transforms.ApplyOnnxModel("sum", "x", model);
        var sizes = Assert.Throws<InvalidOperationException>(() => estimator.Fit(With("Six"))).Message;
        Assert.Contains("shape 1,3, which holds 3 values", sizes);
        Assert.Contains("of length 6", sizes);
        var type = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(With("Long"))).Message;
        Assert.Contains("Schema mismatch for input column 'x'", type);
        Assert.Contains("Single", type);
        Assert.Contains("Int64", type);
        Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(With("Any")));
        var missing = context.Transforms.DropColumns("x").Fit(view).Transform(view);
        Assert.Contains("'x'", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(missing)).Message);

        // In a chain the schema is checked before anything is fitted.
        var chain = context.Transforms.DropColumns("x").Append(estimator);
        Assert.Contains("'x'", Assert.Throws<ArgumentOutOfRangeException>(() => chain.Fit(view)).Message);
        Assert.Contains("'x'", Assert.Throws<ArgumentOutOfRangeException>(() => context.Transforms.CopyColumns("x", "Long")
            .Append(estimator).Fit(view)).Message);
    }

    [Fact]
    public void A_scalar_feeds_an_input_of_one_value()
    {
        var scalar = With("One");
        using var model = new MemoryStream(OnnxModels.Make(DataType.Int64, [1L], ("y", "Neg")));
        Assert.Equal([-7L], context.Transforms.ApplyOnnxModel(["y"], ["x"], model).Fit(scalar).Transform(scalar).GetColumn<long[]>("y")
            .First());
    }

    [Fact]
    public void Names_that_the_model_lacks_are_refused_with_those_that_it_has()
    {
        using var model = new MemoryStream(OnnxModels.Sum);
        var output = Assert.Throws<ArgumentOutOfRangeException>(() => context.Transforms.ApplyOnnxModel("total", "x", model)).Message;
        Assert.Contains("no output 'total'; it has sum", output);
        model.Position = 0;
        Assert.Contains("no input 'X'; it has x",
            Assert.Throws<ArgumentOutOfRangeException>(() => context.Transforms.ApplyOnnxModel("sum", "X", model)).Message);
    }

    [Fact]
    public void Files_that_are_missing_or_no_model_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(folder["none.onnx"],
            Assert.Throws<FileNotFoundException>(() => context.Transforms.ApplyOnnxModel(folder["none.onnx"])).Message);
        File.WriteAllText(folder["text.onnx"], "no model");
        var options = new OnnxOptions { ModelFile = folder["text.onnx"] };
        Assert.Contains(folder["text.onnx"], Assert.Throws<InvalidOperationException>(() => context.Transforms.ApplyOnnxModel(options))
            .Message);
    }

    [Fact]
    public void A_saved_transformer_carries_the_model()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["sum.onnx"], OnnxModels.Sum);
        using var file = new MemoryStream();
        using (var fitted = context.Transforms.ApplyOnnxModel("sum", "x", folder["sum.onnx"]).Fit(view))
        {
            File.Delete(folder["sum.onnx"]);
            context.Model.Save(context.Transforms.CopyColumns("copy", "x").Fit(view).Append(fitted), view.Schema, file);
        }
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(Sums, loaded.Transform(view).GetColumn<float[]>("sum"));
        (loaded as IDisposable)?.Dispose();
    }

    [Fact]
    public void Options_set_names_shapes_and_threads()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["sum.onnx"], OnnxModels.Sum);
        var options = new OnnxOptions
        {
            ModelFile = folder["sum.onnx"], InputColumns = ["x"], OutputColumns = ["sum"], IntraOpNumThreads = 1, InterOpNumThreads = 1,
            ShapeDictionary = new Dictionary<string, int[]> { ["sum"] = [3] },
        };
        using var fitted = context.Transforms.ApplyOnnxModel(options).Fit(view);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), fitted.Transform(view).Schema["sum"].Type);
        Assert.Equal(Sums, fitted.Transform(view).GetColumn<float[]>("sum"));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            context.Transforms.ApplyOnnxModel(new OnnxOptions { ModelFile = options.ModelFile, RecursionLimit = 0 }));
    }

    [Fact]
    public void A_gpu_that_is_not_there_is_an_error_or_the_processor_by_choice()
    {
        const int NoSuchDevice = 99;
        IDataView Sum(MLContext with, int? gpu, bool fallback)
        {
            using var model = new MemoryStream(OnnxModels.Sum);
            return with.Transforms.ApplyOnnxModel("sum", "x", model, gpu, fallback).Fit(view).Transform(view);
        }
        var error = Assert.Throws<InvalidOperationException>(() => Sum(context, NoSuchDevice, false));
        Assert.Contains("GPU 99", error.Message);
        Assert.Contains("fallbackToCpu", error.Message);
        Assert.Equal(Sums, Sum(context, NoSuchDevice, true).GetColumn<float[]>("sum"));
        Assert.Throws<InvalidOperationException>(() => Sum(new MLContext { GpuDeviceId = NoSuchDevice }, null, false));
        Assert.Equal(Sums, Sum(new MLContext { GpuDeviceId = NoSuchDevice, FallbackToCpu = true }, null, false).GetColumn<float[]>("sum"));
    }

    [Fact]
    public void Many_cursors_share_the_session_and_end_with_an_error_when_it_is_disposed()
    {
        using var model = new MemoryStream(OnnxModels.Sum);
        var fitted = context.Transforms.ApplyOnnxModel("sum", "x", model).Fit(view);
        var scored = fitted.Transform(view);
        Parallel.For(0, 6, _ => Assert.Equal(Sums, scored.GetColumn<float[]>("sum")));

        using var cursor = scored.GetRowCursor([scored.Schema["sum"]]);
        var getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["sum"]);
        VBuffer<float> value = default;
        Assert.True(cursor.MoveNext());
        getter(ref value);
        fitted.Dispose();
        Assert.True(cursor.MoveNext());
        Assert.Throws<ObjectDisposedException>(() => getter(ref value));
    }
}
