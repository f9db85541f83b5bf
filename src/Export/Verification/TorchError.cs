namespace GanPipeline.Export;

/// <summary>What went wrong in Torch, without the native stack that its messages carry.</summary>
internal static class TorchError
{
    public static string Text(Exception error) => error.Message.Split("\nException raised from")[0].TrimEnd();
}
