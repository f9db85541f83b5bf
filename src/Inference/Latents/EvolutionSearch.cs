namespace GanPipeline.Inference;

/// <summary>
/// The matrix adaptation evolution strategy of Beyer and Sendhoff, "Simplify your covariance matrix adaptation evolution strategy" (2017),
/// figure 3: minimises a function of a vector by its values alone. The steps' matrix M learns which directions are worth it.
/// </summary>
internal sealed class EvolutionSearch
{
    // Starts and steps have numbers of their own: latents of the seed far from all others.
    private const long FirstNumber = 1L << 50, NumbersOfStart = 1L << 32;
    private const double FirstStepSize = 0.5;

    private readonly long _seed;
    private readonly double[] _centre, _path, _weights;
    private readonly double[,] _matrix;
    private readonly double _longest;
    private readonly double _mass, _pathRate, _oneRate, _manyRate, _damping, _usualLength;
    private double _stepSize = FirstStepSize;
    private long _next;
    private float[] _numbers = [];
    private double[] _steps = [];

    /// <param name="start">[Z].</param>
    /// <param name="longest">The greatest length of a vector; longer ones are scaled back to it.</param>
    /// <param name="population">Vectors in a step; 0 means 3 (4 + 3 ln Z).</param>
    /// <param name="seed">Any number.</param>
    /// <param name="index">Which search of the seed.</param>
    public EvolutionSearch(ReadOnlySpan<float> start, double longest, int population, long seed, int index)
    {
        var n = start.Length;
        (_seed, _longest) = (seed, longest);
        _next = FirstNumber + index * NumbersOfStart;
        Population = population > 0 ? population : 3 * (4 + (int)(3 * Math.Log(n)));
        _centre = [.. start.ToArray().Select(x => (double)x)];
        _path = new double[n];
        _matrix = new double[n, n];
        for (var i = 0; i < n; i++) _matrix[i, i] = 1;

        var parents = Population / 2;
        double[] weights = [.. Enumerable.Range(1, parents).Select(m => Math.Log(parents + 0.5) - Math.Log(m))];
        _weights = [.. weights.Select(w => w / weights.Sum())];
        _mass = 1 / _weights.Sum(w => w * w);
        _pathRate = (_mass + 2) / (n + _mass + 5);
        _oneRate = 2 / ((n + 1.3) * (n + 1.3) + _mass);
        _manyRate = Math.Min(1 - _oneRate, 2 * (_mass + 1 / _mass - 2) / ((n + 2.0) * (n + 2) + _mass));
        _damping = 1 + _pathRate + 2 * Math.Max(0, Math.Sqrt((_mass - 1) / (n + 1)) - 1);
        _usualLength = Math.Sqrt(n) * (1 - 1 / (4.0 * n) + 1 / (21.0 * n * n));
    }

    /// <summary>Vectors in a step.</summary>
    public int Population { get; }

    private int Size => _centre.Length;

    /// <summary>The next vectors to try, [Population, Z].</summary>
    public float[] Try()
    {
        _numbers = Latents.Normal(_seed, _next, Population, Size);
        _next += Population;
        _steps = new double[Population * Size];
        var vectors = new float[Population * Size];
        for (var p = 0; p < Population; p++)
        {
            double squares = 0;
            for (var i = 0; i < Size; i++)
            {
                double step = 0;
                for (var j = 0; j < Size; j++) step += _matrix[i, j] * _numbers[p * Size + j];
                _steps[p * Size + i] = step;
                var value = _centre[i] + _stepSize * step;
                vectors[p * Size + i] = (float)value;
                squares += value * value;
            }
            var scale = (float)Math.Min(1, _longest / Math.Sqrt(squares));
            foreach (ref var value in vectors.AsSpan(p * Size, Size)) value *= scale;
        }
        return vectors;
    }

    /// <summary>Takes the values of the vectors that <see cref="Try"/> gave; less is better.</summary>
    public void Learn(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, Population).OrderBy(p => values[p]).Take(_weights.Length)];
        var (step, number) = (Mean(order, i => _steps[i]), Mean(order, i => _numbers[i]));
        var gain = Math.Sqrt(_mass * _pathRate * (2 - _pathRate));
        for (var i = 0; i < Size; i++)
        {
            _centre[i] += _stepSize * step[i];
            _path[i] = (1 - _pathRate) * _path[i] + gain * number[i];
        }
        var shorter = Math.Min(1, _longest / Math.Sqrt(_centre.Sum(x => x * x)));
        for (var i = 0; i < Size; i++) _centre[i] *= shorter;
        Adapt(order);
        var length = Math.Sqrt(_path.Sum(x => x * x));
        _stepSize *= Math.Exp(_pathRate / _damping * (length / _usualLength - 1));
    }

    /// <summary>M becomes M (I + c1/2 (s s^T - I) + cw/2 (mean of z z^T - I)).</summary>
    private void Adapt(int[] order)
    {
        var along = new double[Size];
        for (var i = 0; i < Size; i++)
            for (var j = 0; j < Size; j++) along[i] += _matrix[i, j] * _path[j];
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                double many = 0;
                for (var m = 0; m < order.Length; m++) many += _weights[m] * _steps[order[m] * Size + i] * _numbers[order[m] * Size + j];
                _matrix[i, j] = (1 - _oneRate / 2 - _manyRate / 2) * _matrix[i, j] + _oneRate / 2 * along[i] * _path[j] +
                    _manyRate / 2 * many;
            }
        }
    }

    /// <summary>The weighted mean of the best rows, [Z].</summary>
    private double[] Mean(int[] order, Func<int, double> value)
    {
        var mean = new double[Size];
        for (var m = 0; m < order.Length; m++)
            for (var i = 0; i < Size; i++) mean[i] += _weights[m] * value(order[m] * Size + i);
        return mean;
    }
}
