using GanPipeline.Inference;
using Google.Protobuf;
using Microsoft.ML;
using Onnx;

namespace GanPipeline.ML.Tests;

/// <summary>Models of other forms in ML.NET, and what becomes of them when they are saved.</summary>
public sealed class ForeignModelTests : IDisposable
{
    private static readonly Picture[] _pictures = Picture.Samples(10);
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly List<ITransformer> _loaded = [];
    private readonly IDataView _data;

    public ForeignModelTests() => _data = _ml.Data.LoadFromEnumerable(_pictures);

    public void Dispose()
    {
        foreach (var loaded in _loaded) (loaded as IDisposable)?.Dispose();
        _folder.Dispose();
    }

    private static ModelProto Features() => ModelProto.Parser.ParseFrom(File.ReadAllBytes(TestModels.Features));

    private string Write(ModelProto model)
    {
        File.WriteAllBytes(_folder["features.onnx"], model.ToByteArray());
        return _folder["features.onnx"];
    }

    private static float[][] Expected
    {
        get
        {
            using var model = FeatureModel.Load(TestModels.Features);
            return [.. _pictures.Select(picture => model.Extract(new ImageTensor(picture.Image, 1, 3, 4, 8)))];
        }
    }

    /// <summary>Fits twice, saves twice, and has ML.NET alone and this project load it.</summary>
    private void AssertWorks(string file, Action? afterOpening = null)
    {
        var estimator = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", file);
        afterOpening?.Invoke();
        for (var i = 0; i < 2; i++)
        {
            var path = _folder[$"{i}.zip"];
            using var model = estimator.Fit(_data);
            Reading.AssertClose(Expected, model.Transform(_data).Vectors("Features"), 1e-5f);
            _ml.Model.Save(model, _data.Schema, path);
            _loaded.Add(new MLContext().Model.Load(path, out _));
            Reading.AssertClose(Expected, _loaded[^1].Transform(_data).Vectors("Features"), 1e-5f);
            Reading.AssertClose(Expected, _ml.Model.LoadGanPipeline(path).Transform(_data).Vectors("Features"), 1e-5f);
        }
    }

    [Fact]
    public void Weights_in_another_file_are_needed_only_when_the_model_is_opened()
    {
        var model = Features();
        foreach (var weights in model.Graph.Initializer)
        {
            File.WriteAllBytes(_folder[weights.Name + ".data"], weights.RawData.ToByteArray());
            weights.RawData = ByteString.Empty;
            weights.DataLocation = TensorProto.Types.DataLocation.External;
            weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = weights.Name + ".data" });
        }
        AssertWorks(Write(model), () =>
        {
            foreach (var file in Directory.EnumerateFiles(_folder.Path, "*.data")) File.Delete(file);
        });
    }

    [Fact]
    public void Other_names_ranks_and_ranges()
    {
        // [N, 1, 5, 1] of images in [0, 255], by names of its own.
        var model = Features();
        var graph = model.Graph;
        graph.Node[0].Input[0] = "shifted";
        graph.Input[0].Name = "picture";
        graph.Output.RemoveAt(1);
        graph.Output[0].Name = "vectors";
        graph.Output[0].Type.TensorType.Shape.Dim.Insert(1, new TensorShapeProto.Types.Dimension { DimValue = 1 });
        graph.Output[0].Type.TensorType.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 1 });
        Add("half", 127.5f);
        Add("one", 1);
        graph.Initializer.Add(new TensorProto { Name = "shape", DataType = 7, Dims = { 4 }, Int64Data = { -1, 1, 5, 1 } });
        graph.Node.Insert(0, new NodeProto { OpType = "Sub", Input = { "scaled", "one" }, Output = { "shifted" } });
        graph.Node.Insert(0, new NodeProto { OpType = "Div", Input = { "picture", "half" }, Output = { "scaled" } });
        graph.Node.Add(new NodeProto { OpType = "Reshape", Input = { "features", "shape" }, Output = { "vectors" } });
        model.MetadataProps.Add(new StringStringEntryProto { Key = ModelMetadata.PixelRange, Value = "NominalRange_0_255" });
        AssertWorks(Write(model));

        void Add(string name, float value) =>
            graph.Initializer.Add(new TensorProto { Name = name, DataType = 1, FloatData = { value } });
    }

    [Fact]
    public void A_declared_range_is_saved()
    {
        var options = new DiscriminatorFeaturizingOptions
        {
            OutputColumnName = "Features", InputColumnName = "Image", ModelFile = TestModels.Features,
            Model = new() { PixelRange = PixelRange.ZeroToOne },
        };
        var model = _ml.Transforms.ExtractDiscriminatorFeatures(options).Fit(_data);
        var expected = model.Transform(_data).Vectors("Features");
        Assert.NotEqual(Expected[0][0], expected[0][0], 1e-3f);
        _ml.Model.Save(model, _data.Schema, _folder["model.zip"]);
        Reading.AssertClose(expected, _ml.Model.LoadGanPipeline(_folder["model.zip"]).Transform(_data).Vectors("Features"), 1e-5f);
    }

    [Fact]
    public void A_fixed_batch_runs_here_and_says_why_it_cannot_be_saved()
    {
        var model = Features();
        foreach (var value in model.Graph.Input.Concat(model.Graph.Output))
            value.Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimValue = 4 };
        var transformer = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", Write(model)).Fit(_data);
        Reading.AssertClose(Expected, transformer.Transform(_data).Vectors("Features"), 1e-5f);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(transformer, _data.Schema, _folder["model.zip"]));
        Assert.Contains("takes batches of 4, and ML.NET by itself gives it one row at a time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_column_as_input_and_output()
    {
        var model = _ml.Transforms.ExtractDiscriminatorFeatures("Image", "Image", TestModels.Features).Fit(_data);
        _ml.Model.Save(model, _data.Schema, _folder["model.zip"]);
        Reading.AssertClose(Expected, _ml.Model.LoadGanPipeline(_folder["model.zip"]).Transform(_data).Vectors("Image"), 1e-5f);
        _loaded.Add(new MLContext().Model.Load(_folder["model.zip"], out _));
        Reading.AssertClose(Expected, _loaded[^1].Transform(_data).Vectors("Image"), 1e-5f);
    }

    /// <summary>ML.NET opens a model as it loads it, so the look at it comes before.</summary>
    [Fact]
    public void A_saved_model_that_would_end_the_process_is_refused()
    {
        var model = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(_data);
        _ml.Model.Save(model, _data.Schema, _folder["model.zip"]);
        using (var zip = System.IO.Compression.ZipFile.Open(_folder["model.zip"], System.IO.Compression.ZipArchiveMode.Update))
        {
            var entry = zip.Entries.Single(entry => entry.Name == "OnnxModel");
            var content = new byte[entry.Length];
            using (var stream = entry.Open()) stream.ReadExactly(content);
            var bad = ModelProto.Parser.ParseFrom(content.AsSpan(sizeof(int)).ToArray());
            bad.Graph.Node.Add(new NodeProto
            {
                OpType = "Conv", Name = "bad", Input = { "image", "weight" }, Output = { "never" },
                Attribute = { new AttributeProto { Name = "group", Type = AttributeProto.Types.AttributeType.Int, I = 0 } },
            });
            var name = entry.FullName;
            entry.Delete();
            using var writer = new BinaryWriter(zip.CreateEntry(name).Open());
            writer.Write(bad.CalculateSize());
            writer.Write(bad.ToByteArray());
        }
        var message = Assert.Throws<ModelException>(() => _ml.Model.LoadGanPipeline(_folder["model.zip"])).Message;
        Assert.Contains(_folder["model.zip"], message, StringComparison.Ordinal);
        Assert.Contains("the Conv 'bad' has group 0", message, StringComparison.Ordinal);
    }

    [SharedTheory("cases")]
    [InlineData("01-saved-classifier-in-stock-mlnet/features.onnx", 5)]
    [InlineData("19-external-data/features.onnx", 5)]
    [InlineData("20-same-column-save/features.onnx", 5)]
    [InlineData("24-foreign-forms/features-rank4.onnx", 6)]
    public void Models_on_which_saving_once_failed(string name, int count)
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Large() });
        var estimator = _ml.Transforms.ExtractDiscriminatorFeatures("Image", "Image", Path.Combine(Repository.Shared, "cases", name));
        estimator.Fit(data);
        var model = estimator.Fit(data);
        var expected = model.Transform(data).Vectors("Image");
        Assert.Equal(count, Assert.Single(expected).Length);
        _ml.Model.Save(model, data.Schema, _folder["model.zip"]);
        _loaded.Add(new MLContext().Model.Load(_folder["model.zip"], out _));
        Reading.AssertClose(expected, _loaded[^1].Transform(data).Vectors("Image"), 1e-5f);
    }

    private sealed class Large
    {
        [Microsoft.ML.Data.VectorType(3, 32, 32)]
        public float[] Image { get; set; } = [.. Enumerable.Range(0, 3 * 32 * 32).Select(i => i % 17 / 8f - 1)];
    }
}
