using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GanPipeline.Pipelines;

/// <summary>
/// Reads YAML into nodes that know their lines. Files come from anywhere, so this consumes the parser's events with a stack of
/// its own and limits on size and depth; anchors, aliases and tags have no use in these files and are refused.
/// </summary>
internal static class YamlReader
{
    private const int MaxBytes = 4_000_000;
    private const int MaxDepth = 20;

    /// <summary>Reads a file. Problems that leave nothing to go on with are thrown; duplicate keys and the like are collected.</summary>
    public static ConfigMap ReadFile(string path, Problems problems)
    {
        var start = new Source(path, 0, Path.GetDirectoryName(Path.GetFullPath(path))!);
        byte[] bytes;
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes) throw Bad(
                start,
                $"is {TextFormat.Bytes(file.Length)}; a pipelines file is text of at most {TextFormat.Bytes(MaxBytes)}.");
            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RequestException($"There is no file {path}. Give the pipelines file with --file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RequestException(Directory.Exists(path)
                ? $"{path} is a folder. Give the pipelines file itself with --file."
                : $"{path} cannot be read: {e.Message}", e);
        }
        var root = Parse(Decode(bytes, start), start, problems)
            ?? throw Bad(start, "is empty. It needs a map \"pipelines\" with one entry a pipeline.");
        return root as ConfigMap
            ?? throw Bad(root.Source, $"the file must be a map that starts with \"pipelines:\", but is {root.Describe()}.");
    }

    /// <summary>Reads a value given on the command line; only a list is YAML there, all else is taken as it stands.</summary>
    public static ConfigNode ReadValue(string value, Source source, Problems problems) =>
        value.StartsWith('[')
            ? Parse(value, source, problems) ?? new ConfigScalar("", false, source)
            : new ConfigScalar(value, false, source);

    private static string Decode(byte[] bytes, Source start)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) throw Bad(start, "is UTF-16. Save it as UTF-8.");
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException e)
        {
            // The exception's own index is relative to an inner buffer; the first bad byte is found by decoding line by line.
            var line = 1;
            for (var from = 0; from < bytes.Length; line++)
            {
                var end = Array.IndexOf(bytes, (byte)'\n', from);
                if (end < 0) end = bytes.Length;
                var span = bytes.AsSpan(from, end - from);
                if (!System.Text.Unicode.Utf8.IsValid(span)) break;
                from = end + 1;
            }
            throw new RequestException(
                $"{start with { Line = line }}: there are bytes here that are not UTF-8 text. Save the file as UTF-8.",
                e);
        }
    }

    private static ConfigNode? Parse(string text, Source start, Problems problems)
    {
        var stack = new Stack<Frame>();
        ConfigNode? root = null;
        var documents = 0;
        try
        {
            var parser = new Parser(new StringReader(text));
            while (parser.MoveNext())
            {
                // A value on the command line has no lines.
                var here = start.Name.StartsWith("--set", StringComparison.Ordinal)
                    ? start
                    : start with { Line = (int)parser.Current!.Start.Line };
                if (parser.Current is NodeEvent { Anchor.IsEmpty: false } && parser.Current is not AnchorAlias)
                    throw Bad(here, "anchors (&name) are not used in these files. Write the values out.");
                switch (parser.Current)
                {
                    case DocumentStart when ++documents > 1:
                        throw Bad(here, "a second document starts here (\"---\"). A pipelines file is one document.");
                    case AnchorAlias alias:
                        throw Bad(
                            here,
                            $"aliases (*{TextFormat.Shorten(alias.Value.Value)}) are not used in these files. Write the values out.");
                    case MappingStart:
                    case SequenceStart:
                        if (stack.Count >= MaxDepth)
                            throw Bad(here, $"values are nested deeper than {MaxDepth} levels here. A pipeline needs four.");
                        var bracket = parser.Current switch
                        {
                            MappingStart { Style: MappingStyle.Flow } => '{',
                            SequenceStart { Style: SequenceStyle.Flow } => '[',
                            _ => (char?)null,
                        };
                        stack.Push(new Frame(here, parser.Current is MappingStart, bracket, Frame.PathOf(stack)));
                        break;
                    case MappingEnd:
                    case SequenceEnd:
                        Place(stack.Pop().ToNode());
                        break;
                    case Scalar scalar:
                        var quoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
                        var value = !quoted && scalar.Value is "~" or "null" ? "" : scalar.Value;
                        Place(new ConfigScalar(value, quoted, here));
                        break;
                }
            }
        }
        // Some texts, such as a bracket that is not closed before a key, end in an exception of the parser's own state.
        catch (Exception e) when (e is not (YamlException or RequestException or OutOfMemoryException))
        {
            throw new RequestException(stack.FirstOrDefault(frame => frame.Bracket is not null) is { } open
                ? $"{open.Source}: this is not valid YAML: the \"{open.Bracket}\" that is opened here is not closed."
                : $"{start}: this is not valid YAML: {e.Message}", e);
        }
        catch (YamlException e)
        {
            var at = start.Name.StartsWith("--set", StringComparison.Ordinal) ? start : start with { Line = (int)e.End.Line };
            // The parser points at the line before a tab.
            if (e.Message.Contains("tab", StringComparison.Ordinal)
                && Array.FindIndex(text.Split('\n'), l => l.TrimStart(' ').StartsWith('\t')) is var tab and >= 0)
                throw new RequestException($"{at with { Line = tab + 1 }}: this is not valid YAML: a tab cannot indent. Use spaces.", e);
            var bracket = stack.FirstOrDefault(frame => frame.Bracket is not null) is { } open && open.Source.Line > 0
                ? $" The \"{open.Bracket}\" of line {open.Source.Line} is not closed there."
                : "";
            throw new RequestException(
                $"{at}: this is not valid YAML: {e.Message.Trim().TrimEnd('.')} (column {e.End.Column}).{bracket}", e);
        }
        return root;

        void Place(ConfigNode node)
        {
            if (stack.TryPeek(out var frame)) frame.Add(node, problems);
            else root = node;
        }
    }

    private static RequestException Bad(Source source, string message)
        => new(source.Line > 0 ? $"{source}: {message}" : $"{source} {message}");

    /// <summary>A map or list that is still open.</summary>
    private sealed class Frame(Source source, bool isMap, char? bracket, string path)
    {
        private readonly List<ConfigEntry> _entries = [];
        private readonly Dictionary<string, int> _lines = [];
        private readonly List<ConfigNode> _items = [];
        private ConfigScalar? _key;
        private bool _skip;

        /// <summary>The bracket that it was opened with; null where it is told by its indentation.</summary>
        public char? Bracket => bracket;

        public Source Source => source;

        public static string PathOf(Stack<Frame> stack) => stack.TryPeek(out var top) ? top.Child() : "";

        private string Child() => !isMap || _key is null ? path : path.Length == 0 ? _key.Value : $"{path}.{_key.Value}";

        public void Add(ConfigNode node, Problems problems)
        {
            if (!isMap) { _items.Add(node); return; }
            if (_key is null && !_skip)
            {
                if (node is ConfigScalar key) { _key = key; return; }
                problems.Add(node.Source, path, $"a key must be a name, but is {node.Describe()}.");
                _skip = true;
                return;
            }
            if (_key is { } name)
            {
                if (_lines.TryGetValue(name.Value, out var line))
                    problems.Add(name.Source, Child(), $"is written a second time; the first is on line {line}. Keep one of them.");
                else
                {
                    _lines.Add(name.Value, name.Source.Line);
                    _entries.Add(new ConfigEntry(name.Value, name.Source, node));
                }
            }
            _key = null;
            _skip = false;
        }

        public ConfigNode ToNode() => isMap ? new ConfigMap(_entries, source) : new ConfigList(_items, source);
    }
}
