using System.Globalization;
using System.Text;

namespace GanPipeline.Export;

/// <summary>A parameter or buffer that was loaded.</summary>
/// <param name="Source">Its name in the file. Of an ONNX file's recurrent layers, several have the same.</param>
/// <param name="Name">Its name in the module, as <c>state_dict</c> has it.</param>
/// <param name="Shape">Its shape in the module.</param>
public sealed record WeightMatch(string Source, string Name, IReadOnlyList<long> Shape);

/// <summary>A parameter or buffer that the file has in another shape, or with numbers of a kind that it does not take.</summary>
/// <param name="Source">Its name in the file.</param>
/// <param name="SourceForm">Its type and shape in the file, such as <c>Float32 [64, 3, 4, 4]</c>.</param>
/// <param name="Name">Its name in the module.</param>
/// <param name="Form">Its type and shape in the module.</param>
public sealed record WeightMismatch(string Source, string SourceForm, string Name, string Form);

/// <summary>What <see cref="ModuleWeights.Load"/> did with a file and a module.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">What it is: <c>ONNX</c>, <c>safetensors</c> or <c>PyTorch</c>.</param>
/// <param name="Loaded">What was loaded, in the module's order.</param>
/// <param name="Missing">The module's names that the file does not have. The number of batches that a batch normalization has seen is not
/// among them: nothing is computed with it.</param>
/// <param name="Mismatched">Where the file has another shape.</param>
/// <param name="Unused">The file's names that the module has no use for.</param>
/// <param name="Notes">What is worth knowing, such as that the file was written with batch normalizations as parts of other layers.</param>
public sealed record WeightReport(
    string Path, string Format, IReadOnlyList<WeightMatch> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<WeightMismatch> Mismatched,
    IReadOnlyList<string> Unused, IReadOnlyList<string> Notes)
{
    /// <summary>A table: a line for each name, and the notes.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"{Path} ({Format}): {Loaded.Count} loaded, {Missing.Count} missing, {Mismatched.Count} of another shape, ") +
            string.Create(CultureInfo.InvariantCulture, $"{Unused.Count} unused"));
        var width = Loaded.Select(match => match.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var match in Loaded)
        {
            var source = match.Source == match.Name ? "" : $"  from {match.Source}";
            text.Append($"\n  {match.Name.PadRight(width)}  [{string.Join(", ", match.Shape)}]{source}");
        }
        Problems(text, Missing.Count + Mismatched.Count + Unused.Count);
        return text.ToString();
    }

    /// <summary>What a message says of the names that did not match.</summary>
    internal void Problems(StringBuilder text, int most)
    {
        List($"missing in the file", Missing, text, most);
        foreach (var other in Mismatched)
            text.Append($"\n  another shape: {other.Name} is {other.Form}, and {other.Source} in the file {other.SourceForm}");
        List($"unused in the file", Unused, text, most);
        foreach (var note in Notes) text.Append("\n  ").Append(note);
    }

    private static void List(string what, IReadOnlyList<string> names, StringBuilder text, int most)
    {
        if (names.Count == 0) return;
        text.Append($"\n  {what}: {string.Join(", ", names.Take(most))}");
        if (names.Count > most) text.Append(CultureInfo.InvariantCulture, $" and {names.Count - most} more");
    }
}
