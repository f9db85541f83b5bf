namespace GanPipeline.Pipelines;

/// <summary>A model that is named by its folder: one of models/, or a run's.</summary>
internal static class ModelFolder
{
    /// <summary>The file that a path means: itself, or one of this name in the folder, or in the folder's models/.</summary>
    /// <param name="path">An ONNX file or a folder.</param>
    /// <param name="name">The model's file, such as generator.onnx.</param>
    /// <exception cref="RequestException">It is a folder without such a file.</exception>
    public static string Find(string path, string name)
    {
        if (!Directory.Exists(path)) return path;
        string[] files = [Path.Combine(path, name), Path.Combine(path, "models", name)];
        return files.FirstOrDefault(File.Exists)
            ?? throw new RequestException($"{path} is a folder without {name}, and so is its models folder.");
    }
}
