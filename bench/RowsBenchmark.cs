using System.Diagnostics;
using System.Globalization;
using GanPipeline.Export;
using GanPipeline.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Bench;

/// <summary>
/// Features of 100,000 rows of 32 x 32 pixels: ExtractDiscriminatorFeatures against ApplyOnnxModel with the same file, in rows a second,
/// bytes of garbage a row, and memory that the process takes beyond what it had.
/// </summary>
internal static class RowsBenchmark
{
    private const int Side = 32;
    private const int Count = 100_000;
    private const int Rounds = 3;
    private static readonly int[] _sizes = [64, 32, 16];

    public static IEnumerable<string> Names => _sizes.Select(Name);

    public static IEnumerable<Row> Run(string filter)
    {
        foreach (var filters in _sizes.Where(filters => Selection.Matches(filter, Name(filters))))
        {
            var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
            try
            {
                var path = Path.Combine(folder, "features.onnx");
                using (var networks = Architectures.Create(
                    new ArchitectureOptions { Name = "dcgan", Shape = new ImageShape(1, Side, Side), Filters = filters }))
                    GanExporter.ExportFeatures(networks.Discriminator, 1, Side, Side, path);
                yield return Measure(filters, path);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string Name(int filters) => $"rows/dcgan32/f{filters}";

    private static Row Measure(int filters, string path)
    {
        var ml = new MLContext();
        // The same picture again and again, so that rows cost nothing but themselves.
        var random = new Random(1);
        var picture = new Picture { Image = [.. Enumerable.Range(0, Side * Side).Select(_ => random.NextSingle() * 2 - 1)] };
        var data = ml.Data.LoadFromEnumerable(Enumerable.Repeat(picture, Count));
        using var batched = ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", path).Fit(data);
        var renamed = ml.Transforms.CopyColumns("image", "Image").Fit(data).Transform(data);
        using var single = ml.Transforms.ApplyOnnxModel("features", "image", path).Fit(renamed);
        Pass ours = new(batched.Transform(data), "Features"), stock = new(single.Transform(renamed), "features");
        var (mine, peer, ratio) = Pair.Measure(ours.Run, stock.Run, Rounds);
        return new Row(Name(filters), Count / mine, Count / peer, "ApplyOnnxModel", "rows/s", ratio, Stack.OnnxRuntime,
            string.Create(CultureInfo.InvariantCulture, $"{Count:N0} rows; a row leaves {ours.Garbage:N0} and {stock.Garbage:N0} bytes " +
                $"of garbage; {ours.Memory:F0} and {stock.Memory:F0} MB more memory at most while it runs"));
    }

    private sealed class Picture
    {
        [VectorType(1, Side, Side)]
        public float[] Image { get; set; } = [];
    }

    /// <summary>A side: all rows, one after the other.</summary>
    private sealed class Pass(IDataView view, string column)
    {
        private const int RowsBetweenLooks = 1000;

        /// <summary>Bytes allocated for a row in the last pass.</summary>
        public double Garbage { get; private set; }

        /// <summary>The most that the process's memory grew in a pass, in MB.</summary>
        public double Memory { get; private set; }

        public double Run()
        {
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            process.Refresh();
            var (before, allocated) = (process.WorkingSet64, GC.GetTotalAllocatedBytes(precise: true));
            var watch = Stopwatch.StartNew();
            long most = 0;
            using (var cursor = view.GetRowCursor([view.Schema[column]]))
            {
                var getter = cursor.GetGetter<VBuffer<float>>(view.Schema[column]);
                VBuffer<float> features = default;
                while (cursor.MoveNext())
                {
                    getter(ref features);
                    if (cursor.Position % RowsBetweenLooks != 0) continue;
                    process.Refresh();
                    most = Math.Max(most, process.WorkingSet64 - before);
                }
            }
            var seconds = watch.Elapsed.TotalSeconds;
            Garbage = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)Count;
            Memory = Math.Max(Memory, most / 1e6);
            return seconds;
        }
    }
}
