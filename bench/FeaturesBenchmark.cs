using System.Diagnostics;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.ML;
using GanPipeline.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Bench;

/// <summary>
/// A discriminator's features in ML.NET, read row by row from a view: ExtractDiscriminatorFeatures against plain ONNX Runtime with the
/// same file, threads and batch, and against ApplyOnnxModel; and of its 8-bit form against plain ONNX Runtime with the original.
/// </summary>
internal static class FeaturesBenchmark
{
    private const int Batch = 64;
    private const int Side = 64;
    private const int CalibrationImages = 64;

    private const string Stock = "/apply-onnx-model";
    private const string Int8 = "/int8";
    private static readonly int[] _sizes = [64, 16];

    public static IEnumerable<string> Names =>
        _sizes.SelectMany(filters => new[] { Name(filters), Name(filters) + Stock, Name(filters) + Int8 });

    public static IEnumerable<Row> Run(string filter)
    {
        foreach (var filters in _sizes)
        {
            var name = Name(filters);
            bool Asked(string row) => Selection.Matches(filter, row);
            if (!Asked(name) && !Asked(name + Stock) && !Asked(name + Int8)) continue;
            var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
            try
            {
                var path = Path.Combine(folder, "features.onnx");
                using (var networks = Architectures.Create(
                    new ArchitectureOptions { Name = "dcgan", Shape = new ImageShape(1, Side, Side), Filters = filters }))
                    GanExporter.ExportFeatures(networks.Discriminator, 1, Side, Side, path);
                // About a second a side and round on two cores.
                var batches = filters == 64 ? 16 : 160;
                using (var measurement = new Measurement(path, path, batches))
                {
                    if (Asked(name)) yield return measurement.AgainstPlain(name, "rows of a view, read one by one, on our side");
                    if (Asked(name + Stock)) yield return measurement.AgainstStock(name + Stock);
                }
                if (!Asked(name + Int8)) continue;
                var reduced = Path.Combine(folder, "int8.onnx");
                ReducedPrecision.WriteImageModel(path, reduced, ModelPrecision.Int8, Noise(CalibrationImages));
                using (var measurement = new Measurement(reduced, path, batches))
                    yield return measurement.AgainstPlain(name + Int8, "in 8 bits, against the original; rows as above");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static ImageTensor Noise(int count)
    {
        var random = new Random(1);
        return new([.. Enumerable.Range(0, count * Side * Side).Select(_ => random.NextSingle() * 2 - 1)], count, 1, Side, Side);
    }

    private static string Name(int filters) => $"features/dcgan64/f{filters}";

    private sealed class Picture
    {
        [VectorType(1, Side, Side)]
        public float[] Image { get; set; } = [];
    }

    private sealed class Measurement : IDisposable
    {
        private const int Rounds = 9;

        // More would only fill memory.
        private const int Distinct = 32;
        private readonly int _count;
        private readonly float[] _images;
        private readonly IDataView _ours, _stock;
        private readonly IDisposable[] _owned;
        private readonly InferenceSession _session;
        private readonly RunOptions _run = new();

        /// <param name="path">Our file.</param>
        /// <param name="plain">The peer's.</param>
        /// <param name="batches">How many a round.</param>
        public Measurement(string path, string plain, int batches)
        {
            _count = batches * Batch;
            _images = Noise(Math.Min(batches, Distinct) * Batch).Values;

            var ml = new MLContext();
            Picture[] pictures = [.. _images.Chunk(Side * Side).Select(image => new Picture { Image = image })];
            var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, _count).Select(i => pictures[i % pictures.Length]).ToArray());
            var batched = ml.Transforms.ExtractDiscriminatorFeatures(new DiscriminatorFeaturizingOptions
            {
                OutputColumnName = "Features", InputColumnName = "Image", ModelFile = path, Model = new() { BatchSize = Batch },
            }).Fit(data);
            var renamed = ml.Transforms.CopyColumns("image", "Image").Fit(data).Transform(data);
            var single = ml.Transforms.ApplyOnnxModel("features", "image", plain).Fit(renamed);
            (_ours, _stock) = (batched.Transform(data), single.Transform(renamed));
            using var options = new SessionOptions();
            _session = new InferenceSession(plain, options);
            _owned = [batched, single, _session, _run];
        }

        public Row AgainstPlain(string name, string note)
            => Against(name, Plain, "ONNX Runtime " + OrtEnv.Instance().GetVersionString(), note);

        public Row AgainstStock(string name)
            => Against(name, () => Read(_stock, "features"), "ApplyOnnxModel", "rows of a view on both sides");

        public void Dispose()
        {
            foreach (var item in _owned) item.Dispose();
        }

        private Row Against(string name, Func<double> other, string peerName, string note)
        {
            var (mine, peer, ratio) = Pair.Measure(() => Read(_ours, "Features"), other, Rounds);
            return new Row(name, _count / mine, _count / peer, peerName, "images/s", ratio, Stack.OnnxRuntime, note);
        }

        private static double Read(IDataView view, string column)
        {
            var watch = Stopwatch.StartNew();
            using var cursor = view.GetRowCursor([view.Schema[column]]);
            var getter = cursor.GetGetter<VBuffer<float>>(view.Schema[column]);
            VBuffer<float> features = default;
            while (cursor.MoveNext()) getter(ref features);
            return watch.Elapsed.TotalSeconds;
        }

        private double Plain()
        {
            var watch = Stopwatch.StartNew();
            const int size = Side * Side;
            var width = _session.OutputMetadata["features"].Dimensions[1];
            var output = new float[Batch * width];
            for (var first = 0; first < _count; first += Batch)
            {
                using var input = OrtValue.CreateTensorValueFromMemory(
                    OrtMemoryInfo.DefaultInstance,
                    _images.AsMemory(first * size % _images.Length, Batch * size),
                    [Batch, 1, Side, Side]);
                using var result = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, output.AsMemory(), [Batch, width]);
                _session.Run(_run, ["image"], [input], ["features"], [result]);
            }
            return watch.Elapsed.TotalSeconds;
        }
    }
}
