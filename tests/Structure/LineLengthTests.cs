namespace GanPipeline.Structure.Tests;

/// <summary>The analyzer that the build runs passes over comments.</summary>
public sealed class LineLengthTests
{
    private const int Longest = 140;

    [Fact]
    public void No_line_is_longer_than_140_characters()
    {
        string[] folders = ["src", "bench", "samples"];
        var tooLong = from folder in folders
                      from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
                      from line in File.ReadLines(file).Index()
                      where line.Item.Length > Longest
                      select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}";
        Assert.Equal([], tooLong);
    }
}
