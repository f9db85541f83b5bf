namespace GanPipeline.Data;

/// <summary>Finds the pictures that tables name, by their paths within the folder or by the ends of these.</summary>
internal sealed class PictureNames
{
    private readonly Dictionary<string, List<string>> _paths = new(ComposedText.Comparer);

    /// <param name="pictures">The paths of all pictures of the folder, whichever split they are of.</param>
    public PictureNames(IReadOnlyList<string> pictures)
    {
        foreach (var path in pictures)
        {
            foreach (var end in FileNames.EndsOf(path))
            {
                if (!_paths.TryGetValue(end, out var paths)) _paths.Add(end, paths = []);
                // The whole path comes before the ends of others.
                if (end.Length == path.Length) paths.Insert(0, path);
                else paths.Add(path);
            }
        }
    }

    /// <summary>The path of a picture; null where there is none of this name.</summary>
    /// <param name="name">As a table has it.</param>
    /// <param name="where">The table, and the line where it is known, for the message.</param>
    /// <exception cref="DataSetException">Several pictures have the name.</exception>
    public string? Find(string name, string where)
    {
        if (!_paths.TryGetValue(name, out var paths)) return null;
        if (paths.Count == 1 || paths[0].Length == name.Length) return paths[0];
        throw new DataSetException($"{where}: '{name}' fits both {paths[0]} and {paths[1]}. Write the paths as they are within the " +
            "folder.");
    }
}
