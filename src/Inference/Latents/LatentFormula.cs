namespace GanPipeline.Inference;

/// <summary>A sum and difference of concepts, such as <c>a - b + c</c>.</summary>
public sealed class LatentFormula
{
    private LatentFormula(IReadOnlyList<(int Sign, string Name)> terms) => Terms = terms;

    /// <summary>The terms in their order: 1 or -1, and the concept's name.</summary>
    public IReadOnlyList<(int Sign, string Name)> Terms { get; }

    /// <summary>Reads a formula.</summary>
    /// <param name="text">Names of letters, digits and underscores, with + or - between them.</param>
    /// <exception cref="ArgumentException">It is no such formula.</exception>
    public static LatentFormula Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var terms = new List<(int, string)>();
        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty || terms.Count == 0)
        {
            var sign = rest.Length > 0 && rest[0] == '-' ? -1 : 1;
            var isSigned = rest.Length > 0 && rest[0] is '+' or '-';
            if (isSigned) rest = rest[1..].TrimStart();
            var length = 0;
            while (length < rest.Length && (char.IsLetterOrDigit(rest[length]) || rest[length] == '_')) length++;
            if (length == 0 || (!isSigned && terms.Count > 0))
                throw new ArgumentException($"\"{text}\" is no formula: it consists of names with + or - between them, as in a - b + c.");
            terms.Add((sign, rest[..length].ToString()));
            rest = rest[length..].TrimStart();
        }
        return new LatentFormula(terms);
    }

    /// <summary>The sum of the concepts' means, [Z].</summary>
    /// <param name="concepts">All that the formula names.</param>
    /// <exception cref="ArgumentException">A concept is missing.</exception>
    public float[] Apply(IReadOnlyList<LatentConcept> concepts)
    {
        ArgumentNullException.ThrowIfNull(concepts);
        float[]? sum = null;
        foreach (var (sign, name) in Terms)
        {
            var concept = concepts.FirstOrDefault(c => c.Name == name) ?? throw new ArgumentException(
                $"There is no concept {name}; there are: {string.Join(", ", concepts.Select(c => c.Name))}.");
            sum ??= new float[concept.Mean.Length];
            for (var j = 0; j < sum.Length; j++) sum[j] += sign * concept.Mean[j];
        }
        return sum!;
    }
}
