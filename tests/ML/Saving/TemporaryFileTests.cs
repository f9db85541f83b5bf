using System.IO.Compression;
using GanPipeline.Inference;
using Microsoft.ML;

namespace GanPipeline.ML.Tests;

[Collection(Alone.Name)]
public sealed class TemporaryFileTests : IDisposable
{
    // The system's folder for temporary files is the value of one of these, there where it is read.
    private static readonly string[] _variables = ["TMPDIR", "TMP"];

    private readonly Dictionary<string, string?> _before = _variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);
    private readonly TemporaryFolder _folder = new(), _temporary = new();

    public TemporaryFileTests()
    {
        foreach (var name in _variables) Environment.SetEnvironmentVariable(name, _temporary.Path);
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before) Environment.SetEnvironmentVariable(name, value);
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void Saving_and_loading_leave_no_temporary_files()
    {
        Assert.Equal(_temporary.Path, Path.TrimEndingDirectorySeparator(Path.GetTempPath()));
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Picture.Samples(3));
        var model = ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features)
            .Append(ml.Transforms.CopyColumns("Copy", "Features")).Fit(data);
        for (var i = 0; i < 3; i++) ml.Model.Save(model, data.Schema, _folder[$"{i}.zip"]);
        AssertNothingLeft();
        for (var i = 0; i < 3; i++)
        {
            var loaded = ml.Model.LoadGanPipeline(_folder[$"{i}.zip"]);
            AssertNothingLeft();
            loaded.Transform(data).Vectors("Copy");
        }

        // A save that fails.
        using var samples = ml.Data.LoadFromGenerator(TestModels.GeneratorPixels, count: 2);
        var bytes = ml.Transforms.GenerateImages("Made", "Latent", TestModels.GeneratorPixels).Fit(samples);
        Assert.Throws<InvalidOperationException>(() => ml.Model.Save(bytes, samples.Schema, _folder["failed.zip"]));
        AssertNothingLeft();

        // A load that fails: ML.NET takes the model, and the transform that it says it is does not.
        Damage(_folder["0.zip"]);
        Assert.Throws<ModelException>(() => ml.Model.LoadGanPipeline(_folder["0.zip"]));
        AssertNothingLeft();
    }

    // The runtime keeps pipes of its own there.
    private void AssertNothingLeft() => Assert.All(Directory.EnumerateFileSystemEntries(_temporary.Path).Select(Path.GetFileName),
        name => Assert.Matches("^(dotnet|clr)-", name));

    private static void Damage(string path)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Update);
        var entry = zip.Entries.Single(entry => entry.Name == "OnnxModel");
        var content = new byte[entry.Length];
        using (var stream = entry.Open()) stream.ReadExactly(content);
        // The kind is in the metadata, as JSON.
        var text = System.Text.Encoding.Latin1.GetString(content);
        Assert.Contains("\"ModelOutput\":\"features\"", text, StringComparison.Ordinal);
        text = text.Replace("\"ModelOutput\":\"features\"", "\"ModelOutput\":\"featureZ\"", StringComparison.Ordinal);
        var name = entry.FullName;
        entry.Delete();
        using var changed = zip.CreateEntry(name).Open();
        changed.Write(System.Text.Encoding.Latin1.GetBytes(text));
    }
}
