using System.Diagnostics;
using GanPipeline.Export;
using GanPipeline.ML;
using GanPipeline.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Bench;

/// <summary>
/// A discriminator's features in ML.NET, read row by row from a view: ExtractDiscriminatorFeatures against plain ONNX Runtime with the
/// same file, threads and batch, and against ApplyOnnxModel.
/// </summary>
internal static class FeaturesBenchmark
{
    private const int Batch = 64;
    private const int Side = 64;

    private const string Stock = "/apply-onnx-model";
    private static readonly int[] Sizes = [64, 16];

    public static IEnumerable<string> Names => Sizes.Select(Name);

    public static IEnumerable<Row> Run(string filter)
    {
        foreach (var filters in Sizes)
        {
            var name = Name(filters);
            if (!Selection.Matches(filter, name) && filter != name + Stock) continue;
            var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
            try
            {
                var path = Path.Combine(folder, "features.onnx");
                using (var networks = Architectures.Create(new ArchitectureOptions { Name = "dcgan", Shape = new ImageShape(1, Side, Side), Filters = filters }))
                    GanExporter.ExportFeatures(networks.Discriminator, 1, Side, Side, path);
                // About a second a side and round on two cores.
                using var measurement = new Measurement(path, batches: filters == 64 ? 16 : 160);
                if (filter != name + Stock) yield return measurement.AgainstPlain(name);
                yield return measurement.AgainstStock(name + Stock);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
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
        private readonly int count;
        private readonly float[] images;
        private readonly IDataView ours, stock;
        private readonly IDisposable[] owned;
        private readonly InferenceSession session;
        private readonly RunOptions run = new();

        public Measurement(string path, int batches)
        {
            count = batches * Batch;
            images = new float[Math.Min(batches, Distinct) * Batch * Side * Side];
            var random = new Random(1);
            for (var i = 0; i < images.Length; i++) images[i] = random.NextSingle() * 2 - 1;

            var ml = new MLContext();
            Picture[] pictures = [.. images.Chunk(Side * Side).Select(image => new Picture { Image = image })];
            var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => pictures[i % pictures.Length]).ToArray());
            var batched = ml.Transforms.ExtractDiscriminatorFeatures(new DiscriminatorFeaturizingOptions
            {
                OutputColumnName = "Features", InputColumnName = "Image", ModelFile = path, BatchSize = Batch,
            }).Fit(data);
            var renamed = ml.Transforms.CopyColumns("image", "Image").Fit(data).Transform(data);
            var single = ml.Transforms.ApplyOnnxModel("features", "image", path).Fit(renamed);
            (ours, stock) = (batched.Transform(data), single.Transform(renamed));
            using var options = new SessionOptions();
            session = new InferenceSession(path, options);
            owned = [batched, single, session, run];
        }

        public Row AgainstPlain(string name) => Against(name, Plain, "ONNX Runtime " + OrtEnv.Instance().GetVersionString(), "rows of a view, read one by one, on our side");

        public Row AgainstStock(string name) => Against(name, () => Read(stock, "features"), "ApplyOnnxModel", "rows of a view on both sides");

        public void Dispose()
        {
            foreach (var item in owned) item.Dispose();
        }

        private Row Against(string name, Func<double> other, string peerName, string note)
        {
            var (mine, peer, ratio) = Pair.Measure(() => Read(ours, "Features"), other, Rounds);
            return new Row(name, count / mine, count / peer, peerName, "images/s", ratio, Stack.OnnxRuntime, note);
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
            var width = session.OutputMetadata["features"].Dimensions[1];
            var output = new float[Batch * width];
            for (var first = 0; first < count; first += Batch)
            {
                using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, images.AsMemory(first * size % images.Length, Batch * size), [Batch, 1, Side, Side]);
                using var result = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, output.AsMemory(), [Batch, width]);
                session.Run(run, ["image"], [input], ["features"], [result]);
            }
            return watch.Elapsed.TotalSeconds;
        }
    }
}
