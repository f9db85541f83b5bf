using System.Net;

namespace GanPipeline.Pipelines;

/// <summary>Text and files for the page.</summary>
internal static class Html
{
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A picture within the page.</summary>
    public static string DataUri(string pngFile) => DataUri(File.ReadAllBytes(pngFile));

    /// <inheritdoc cref="DataUri(string)"/>
    public static string DataUri(byte[] png) => "data:image/png;base64," + Convert.ToBase64String(png);

    public static string Resource(string name)
    {
        using var stream = typeof(Html).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program holds no {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
