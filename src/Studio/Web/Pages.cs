using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GanPipeline.Studio;

/// <summary>Pages: templates in <c>Assets/*.html</c> with the visitor's texts in the place of <c>{{keys}}</c>.</summary>
internal static partial class Pages
{
    /// <summary>A page.</summary>
    /// <param name="context">Of the request.</param>
    /// <param name="name">Of the template: <c>lab</c> is <c>Assets/lab.html</c>, its title the text <c>lab.title</c>.</param>
    /// <param name="data">What its script is told, by name, besides the texts whose keys begin with the page's name.</param>
    public static IResult Page(HttpContext context, string name, params (string Name, object Value)[] data)
    {
        var texts = Texts.For(context.Request);
        var content = Fill(Template(name), key => WebUtility.HtmlEncode(texts[key]));
        // A page of one thing also has the texts of the page of all.
        var blocks = data.Append(("texts", texts.Under(name)))
            .Select(block => $"<script type=\"application/json\" id=\"data-{block.Item1}\">{Data(block.Item2)}</script>");
        var languages = Texts.All.Select(other => other.Language == texts.Language
            ? $"<span aria-current=\"true\">{other.Language}</span>"
            : $"<a href=\"?language={other.Language}\" lang=\"{other.Language}\" hreflang=\"{other.Language}\">{other.Language}</a>");
        var page = Fill(Template("frame"), key => key switch
        {
            "language" => texts.Language,
            "languages" => string.Join(' ', languages),
            "title" => WebUtility.HtmlEncode(texts[$"{name}.title"]),
            "content" => content,
            "data" => string.Join('\n', blocks),
            "script" => EmbeddedFiles.TryRead($"assets/{name}.js") is null ? ""
                : $"<script type=\"module\" src=\"/assets/{name}.js\"></script>",
            _ => WebUtility.HtmlEncode(texts[key]),
        });
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Vary = "Accept-Language, Cookie";
        return Results.Content(page, "text/html; charset=utf-8");
    }

    /// <summary>A page without the studio's frame, and without a script.</summary>
    /// <param name="context">Of the request.</param>
    /// <param name="name">Of the template.</param>
    /// <param name="html">What takes the place of other keys than texts, as HTML.</param>
    public static IResult Plain(HttpContext context, string name, IReadOnlyDictionary<string, string> html)
    {
        var texts = Texts.For(context.Request);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Content(Fill(Template(name), key => key == "language" ? texts.Language
            : html.TryGetValue(key, out var value) ? value : WebUtility.HtmlEncode(texts[key])), "text/html; charset=utf-8");
    }

    /// <summary>The keys of texts that a template names.</summary>
    public static IEnumerable<string> Keys(string name) => Placeholder().Matches(Template(name)).Select(match => match.Groups[1].Value);

    private static string Template(string name) => Encoding.UTF8.GetString(EmbeddedFiles.Read($"assets/{name}.html"));

    // Data are no script, so that no rule against inline scripts forbids them. The encoder writes < as \u003C: nothing ends the block.
    private static string Data(object value) => JsonSerializer.Serialize(value, StudioJson.Options);

    private static string Fill(string template, Func<string, string> value) =>
        Placeholder().Replace(template, match => value(match.Groups[1].Value));

    [GeneratedRegex(@"\{\{([a-z0-9.-]+)\}\}")]
    private static partial Regex Placeholder();
}
