using System.Formats.Tar;
using System.IO.Compression;

namespace GanPipeline.Data.Tests;

/// <summary>Writes small CIFAR sets in each of the forms that their authors publish.</summary>
internal static class CifarWriter
{
    public const int PictureSize = 3072;

    /// <summary>CIFAR-10: picture i of the training part has label i and is filled with 10 i; the test picture has label 7.</summary>
    public static void WriteTen(string folder, bool binary)
    {
        Directory.CreateDirectory(folder);
        for (var file = 0; file < 5; file++)
            Write(Path.Combine(folder, $"data_batch_{file + 1}"), binary, $"training batch {file + 1} of 5", 2 * file, 2 * file + 1);
        Write(Path.Combine(folder, "test_batch"), binary, "testing batch 1 of 1", 7);
        string[] names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
        if (binary) File.WriteAllLines(Path.Combine(folder, "batches.meta.txt"), [.. names, ""]);
        else File.WriteAllBytes(Path.Combine(folder, "batches.meta"),
            PickleWriter.Dictionary(("num_cases_per_batch", new[] { 10_000 }), ("label_names", names), ("num_vis", new[] { 3072 })));
    }

    /// <summary>CIFAR-100: fine labels 0, 99, 5 with coarse labels 4, 13, 19 to train on, and one picture to test with.</summary>
    public static void WriteHundred(string folder, bool binary)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, fine, coarse) in new[] { ("train", new[] { 0, 99, 5 }, new[] { 4, 13, 19 }), ("test", [3], [8]) })
        {
            var pixels = fine.SelectMany(label => Filled(label)).ToArray();
            if (binary)
            {
                File.WriteAllBytes(Path.Combine(folder, name + ".bin"),
                    [.. fine.Zip(coarse).SelectMany(l => (byte[])[(byte)l.Second, (byte)l.First, .. Filled(l.First)])]);
            }
            else
            {
                File.WriteAllBytes(Path.Combine(folder, name), PickleWriter.Dictionary(
                    ("filenames", fine.Select(f => $"{f}.png").ToArray()), ("batch_label", "training batch 1 of 1"),
                    ("fine_labels", fine), ("coarse_labels", coarse),
                    ("data", (pixels, new[] { fine.Length, PictureSize }))));
            }
        }
        if (!binary) File.WriteAllBytes(Path.Combine(folder, "meta"), PickleWriter.Dictionary(
            ("fine_label_names", CifarNames.Hundred), ("coarse_label_names", CifarNames.Twenty)));
        if (!binary) return;
        File.WriteAllLines(Path.Combine(folder, "fine_label_names.txt"), CifarNames.Hundred);
        File.WriteAllLines(Path.Combine(folder, "coarse_label_names.txt"), CifarNames.Twenty);
    }

    public static void TarGz(string folder, string archive)
    {
        using var file = File.Create(archive);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        TarFile.CreateFromDirectory(folder, gzip, includeBaseDirectory: true);
    }

    private static void Write(string path, bool binary, string title, params int[] labels)
    {
        if (binary) File.WriteAllBytes(path + ".bin", [.. labels.SelectMany(label => (byte[])[(byte)label, .. Filled(10 * label)])]);
        else File.WriteAllBytes(path, PickleWriter.Dictionary(("batch_label", title), ("labels", labels),
            ("data", (labels.SelectMany(label => Filled(10 * label)).ToArray(), new[] { labels.Length, PictureSize })),
            ("filenames", labels.Select(l => $"{l}_s_{l}.png").ToArray())));
    }

    // The planes differ, so that their order is seen.
    private static byte[] Filled(int value) => [.. Enumerable.Range(0, PictureSize).Select(i => (byte)(value + i / 1024))];
}
