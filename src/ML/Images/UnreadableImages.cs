namespace GanPipeline.ML;

/// <summary>What happens at a file that is no usable image.</summary>
public enum UnreadableImages
{
    /// <summary>An error that names the file.</summary>
    Fail,

    /// <summary>The row is left out, and counted.</summary>
    Skip,
}
