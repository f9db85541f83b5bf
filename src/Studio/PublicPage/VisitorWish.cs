using System.Globalization;
using System.Text;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>What a visitor of the public page asks for: labels or a text, as the page's form sends them.</summary>
internal sealed class VisitorWish
{
    /// <summary>Longer texts are refused.</summary>
    public const int MostText = 200;

    /// <summary>The name of the field with the text, and the first part of those of labels.</summary>
    private const string TextName = "text", LabelName = "label";

    private readonly string[] _values;

    private VisitorWish(string[] values, string? label, string query) => (_values, Label, Query) = (values, label, query);

    /// <summary>The label, as the command line takes it; null where nothing is asked for.</summary>
    public string? Label { get; }

    /// <summary>The same as the part of an address after the question mark; empty where nothing is asked for.</summary>
    public string Query { get; }

    /// <summary>Reads an address's query: <c>text</c>, or <c>label0</c>, <c>label1</c> and so on by the label's fields.</summary>
    /// <exception cref="ArgumentException">There is no such value, or the text is too long.</exception>
    public static VisitorWish Read(IQueryCollection query, GeneratorModel model)
    {
        if (model.Vocabulary is not null)
        {
            var text = query[TextName].ToString().Trim();
            if (text.Length > MostText) throw new ArgumentException($"A text has at most {MostText} characters; got {text.Length}.");
            return new([text], text.Length == 0 ? null : text, text.Length == 0 ? "" : $"{TextName}={Uri.EscapeDataString(text)}");
        }
        var fields = model.Labels?.Fields ?? [];
        var values = fields.Select((_, i) => query[Name(i)].ToString().Trim()).ToArray();
        var (parts, asked) = (new List<string>(), new List<string>());
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Length == 0) continue;
            // As the model knows it: an address has one form for each wish.
            values[i] = fields[i].Write(fields[i].Read(values[i]));
            parts.Add($"{LabelQuotes.Around(fields[i].Name)}={LabelQuotes.Around(values[i])}");
            asked.Add($"{Name(i)}={Uri.EscapeDataString(values[i])}");
        }
        return new(values, parts.Count == 0 ? null : string.Join(", ", parts), string.Join('&', asked));
    }

    /// <summary>The form's fields as HTML, filled in with the wish.</summary>
    /// <param name="model">The generator.</param>
    /// <param name="texts">The visitor's language.</param>
    /// <param name="encode">Makes a text fit for HTML.</param>
    public string Fields(GeneratorModel model, Texts texts, Func<string, string> encode)
    {
        if (model.Vocabulary is not null)
            return $"<label>{encode(texts["public.text"])} <input type=\"text\" name=\"{TextName}\" maxlength=\"{MostText}\" " +
                $"value=\"{encode(_values[0])}\"></label>";
        var html = new StringBuilder();
        var fields = model.Labels?.Fields ?? [];
        for (var i = 0; i < fields.Count; i++) html.Append(Field(i, fields[i]));
        return html.ToString();

        string Field(int i, LabelField field) => $"<label>{encode(field.Name)} {Input(i, field)}</label>";

        string Input(int i, LabelField field)
        {
            if (field.Kind == LabelKind.Numeric)
            {
                return string.Create(CultureInfo.InvariantCulture, $"<input type=\"number\" name=\"{Name(i)}\" min=\"{field.Low}\" ") +
                    string.Create(CultureInfo.InvariantCulture, $"max=\"{field.High}\" step=\"any\" value=\"{_values[i]}\">");
            }
            var choices = Enumerable.Range(0, field.Choices).Select(choice => field.Write(choice)).Select(choice =>
                $"<option{(choice == _values[i] ? " selected" : "")}>{encode(choice)}</option>");
            return $"<select name=\"{Name(i)}\"><option value=\"\">{encode(texts["public.any"])}</option>{string.Concat(choices)}</select>";
        }
    }

    private static string Name(int field) => LabelName + field.ToString(CultureInfo.InvariantCulture);
}
