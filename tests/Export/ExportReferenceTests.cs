namespace GanPipeline.Export.Tests;

/// <summary>docs/export-coverage.md says what the exporter's tables say, and they have all of TorchSharp.</summary>
public class ExportReferenceTests
{
    /// <summary>Where it is set, the test writes the file in the place of comparing it.</summary>
    private const string Update = "GAN_UPDATE_DOCS";

    private static readonly string _file = Path.Combine(Repository.Root, "docs", "export-coverage.md");

    [Fact]
    public void Docs_export_coverage_md_is_current()
    {
        var expected = ExportReference.Write();
        if (Environment.GetEnvironmentVariable(Update) is { Length: > 0 }) File.WriteAllText(_file, expected);
        var actual = File.Exists(_file) ? File.ReadAllText(_file).ReplaceLineEndings("\n") : "";
        Assert.True(expected == actual, "docs/export-coverage.md is not current. Run this test with the environment variable " +
            $"{Update}=1, which writes it, and commit the file.");
    }

    [Fact]
    public void Each_layer_of_TorchSharp_is_exported_or_refused_with_advice() =>
        Assert.Empty(ExportReference.Layers.Where(layer => ExportReference.Of(layer) is null).Select(layer => layer.Name));

    [Fact]
    public void Each_function_of_TorchSharp_is_exported_or_refused_with_advice() =>
        Assert.Empty(ExportReference.Functions.Keys.Except(FunctionTable.Functions.Entries.Keys));

    [Fact]
    public void The_table_has_no_function_that_TorchSharp_lacks() =>
        Assert.Empty(FunctionTable.Functions.Entries.Keys.Except(ExportReference.Functions.Keys));
}
