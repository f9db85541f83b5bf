using System.Text;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>labels.csv: what each picture of a folder was asked to show, a line a picture, a column a field, or its text.</summary>
internal static class LabelTable
{
    public const string Name = "labels.csv";

    private const int Chunk = 1024;

    /// <summary>The table of the pictures from an index on, so that a set made in several goes has one for each.</summary>
    public static string NameFrom(long first) => first == 0 ? Name : FormattableString.Invariant($"labels-{first:D6}.csv");

    /// <summary>Whether there is something to say of a generator's pictures.</summary>
    public static bool IsFor(GeneratorModel generator) => generator.Labels is not null || generator.Vocabulary is not null;

    /// <param name="labels">As the pictures were generated with.</param>
    /// <param name="file">The file of a picture, by its index.</param>
    public static void Write(
        string path,
        GeneratorModel generator,
        long count,
        long seed,
        long first,
        IReadOnlyList<string> labels,
        Func<long, string> file)
    {
        if (generator.Vocabulary is not null)
        {
            WriteTexts(path, generator, count, seed, first, labels, file);
            return;
        }
        var layout = generator.Labels!;
        AtomicFile.Write(path, stream =>
        {
            using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            text.WriteLine(string.Join(',', layout.Fields.Select(f => Csv.Cell(f.Name)).Prepend("file")));
            var values = new float[layout.Fields.Count];
            for (long done = 0; done < count; done += Chunk)
            {
                var vectors = generator.LabelVectors((int)Math.Min(Chunk, count - done), seed, first + done, labels);
                for (var i = 0; i < vectors.Length / layout.Size; i++)
                {
                    layout.DecodeFields(vectors.AsSpan(i * layout.Size, layout.Size), values);
                    text.WriteLine(
                        string.Join(',', layout.Fields.Select((f, k) => Csv.Cell(f.Write(values[k]))).Prepend(file(first + done + i))));
                }
            }
        });
    }

    private static void WriteTexts(string path, GeneratorModel generator, long count, long seed, long first, IReadOnlyList<string> texts,
        Func<long, string> file) => AtomicFile.Write(path, stream =>
    {
        using var table = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        table.WriteLine("file,text");
        for (long done = 0; done < count; done += Chunk)
        {
            foreach (var (i, text) in generator.Texts((int)Math.Min(Chunk, count - done), seed, first + done, texts).Index())
                table.WriteLine($"{file(first + done + i)},{Csv.Cell(text)}");
        }
    });
}
