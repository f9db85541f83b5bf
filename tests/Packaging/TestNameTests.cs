using System.Text.RegularExpressions;

namespace GanPipeline.Packaging.Tests;

/// <summary>The one style rule that no analyzer knows.</summary>
public partial class TestNameTests
{
    [Fact]
    public void Names_of_tests_are_sentences_with_underscores()
    {
        var wrong = from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
                    from Match test in Test().Matches(File.ReadAllText(file))
                    where !Sentence().IsMatch(test.Groups[1].Value)
                    select $"{Path.GetRelativePath(Repository.Root, file)}: {test.Groups[1].Value}";
        Assert.Equal([], wrong);
    }

    // A test's attributes, of which the first ends in Fact or Theory, and its name.
    [GeneratedRegex(@"\[\w*(?:Fact|Theory)\b[^\n]*\n(?:\s*\[[^\n]*\n)*\s*public (?:static )?(?:async )?(?:void|Task) (\w+)\(")]
    private static partial Regex Test();

    // One word, or words with underscores between them; names of types may stand among these.
    [GeneratedRegex("^[A-Z][a-z0-9]*$|^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+$")]
    private static partial Regex Sentence();
}
