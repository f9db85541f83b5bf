using System.Text.Json;

namespace GanPipeline.Studio;

/// <summary>The words of the pages in one language, by key; from <c>Texts/*.json</c>.</summary>
internal sealed class Texts
{
    private const string Cookie = "studio-language";

    private static readonly Dictionary<string, Texts> _all = new[] { "en", "es" }.ToDictionary(language => language, Load);

    private static readonly TimeSpan _cookieAge = TimeSpan.FromDays(365);

    private readonly Dictionary<string, string> _texts;

    private Texts(string language, Dictionary<string, string> texts) => (Language, _texts) = (language, texts);

    /// <summary>All languages' texts; English first.</summary>
    public static IReadOnlyCollection<Texts> All => _all.Values;

    /// <summary>Its code, such as <c>en</c>.</summary>
    public string Language { get; }

    /// <summary>The keys that there are.</summary>
    public IReadOnlyCollection<string> Keys => _texts.Keys;

    /// <summary>The text of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is none: the page and the texts do not go together.</exception>
    public string this[string key] => _texts[key];

    /// <summary>Those whose keys begin so, for a page's script.</summary>
    public IReadOnlyDictionary<string, string> Under(string prefix) =>
        _texts.Where(text => text.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary();

    /// <summary>Those that a visitor wants: as chosen before, or as the browser asks; else English.</summary>
    public static Texts For(HttpRequest request)
    {
        var asked = request.Query["language"].ToString();
        if (_all.ContainsKey(asked))
            request.HttpContext.Response.Cookies.Append(Cookie, asked, new() { SameSite = SameSiteMode.Strict, MaxAge = _cookieAge });
        string?[] wishes =
        [
            asked, request.Cookies[Cookie],
            .. request.GetTypedHeaders().AcceptLanguage.OrderByDescending(wish => wish.Quality ?? 1).Select(wish => wish.Value.Value),
        ];
        foreach (var wish in wishes)
            if (wish is { Length: > 1 } && _all.TryGetValue(wish[..2].ToLowerInvariant(), out var texts)) return texts;
        return _all["en"];
    }

    private static Texts Load(string language) =>
        new(language, JsonSerializer.Deserialize<Dictionary<string, string>>(EmbeddedFiles.Read($"texts/{language}.json"))!);
}
