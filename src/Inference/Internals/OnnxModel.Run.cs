using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Inference;

// Runs in batches.
internal sealed partial class OnnxModel
{
    /// <summary>Runs images [count, ...] in batches, straight from and into the caller's memory.</summary>
    /// <exception cref="ModelException">ONNX Runtime failed, or what came out is not finite.</exception>
    public void Run<TOut>(TensorForm input, ReadOnlySpan<float> from, TensorForm output, Span<TOut> to, int count,
        CancellationToken cancellationToken, int? batchSize = null)
        where TOut : unmanaged =>
        Run(input, from, second: null, [], output, to, count, cancellationToken, batchSize);

    /// <summary>The same with a second input, where there is one.</summary>
    /// <exception cref="ModelException">ONNX Runtime failed, or what came out is not finite.</exception>
    public void Run<TOut>(
        TensorForm input, ReadOnlySpan<float> from, TensorForm? second, ReadOnlySpan<float> fromSecond, TensorForm output, Span<TOut> to,
        int count, CancellationToken cancellationToken, int? batchSize = null)
        where TOut : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var whole = Math.Max(input.Batch, Math.Max(second?.Batch ?? -1, output.Batch));
        for (var done = 0; done < count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var n = Math.Min(whole > 0 ? whole : batchSize ?? BatchSize, count - done);
            var rows = Rows(from, input, done, n);
            var secondRows = second is null ? [] : Rows(fromSecond, second, done, n);
            var results = to.Slice(done * output.RowSize, n * output.RowSize);
            if (n < whole) RunPart(input, rows, second, secondRows, output, results, whole);
            else RunBatch(input, rows, second, secondRows, output, results, n);
            RequireFinite(rows, secondRows, results);
            done += n;
        }
    }

    /// <summary>Runs rows of whole numbers, such as texts' ids, in batches.</summary>
    /// <exception cref="ModelException">ONNX Runtime failed, or what came out is not finite.</exception>
    public unsafe void Run(TensorForm input, ReadOnlySpan<long> from, TensorForm output, Span<float> to, int count,
        CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var whole = Math.Max(input.Batch, output.Batch);
        for (var done = 0; done < count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = whole > 0 ? whole : Math.Min(BatchSize, count - done);
            var n = Math.Min(batch, count - done);
            // Of a fixed batch the rest is zeros, and its results are dropped.
            var (ids, results) = (new long[batch * input.RowSize], new float[batch * output.RowSize]);
            from.Slice(done * input.RowSize, n * input.RowSize).CopyTo(ids);
            fixed (long* source = ids)
            fixed (float* target = results)
            {
                using OrtValue sourceValue = Tensor(input, source, batch), targetValue = Tensor(output, target, batch);
                try
                {
                    _session.Run(_runOptions, [input.Name], [sourceValue], [output.Name], [targetValue]);
                }
                catch (OnnxRuntimeException e)
                {
                    throw Failed(batch, e);
                }
            }
            var made = results.AsSpan(0, n * output.RowSize);
            if (!FiniteValues.Are(made)) throw NotFinite();
            made.CopyTo(to[(done * output.RowSize)..]);
            done += n;
        }
    }

    /// <summary>The shape that an output has, seen by running one image of zeros.</summary>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public unsafe long[] OutputShape(TensorForm input, string output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var count = Math.Max(1, input.Batch);
        fixed (float* source = new float[checked(count * input.RowSize)])
        {
            using var value = Tensor(input, source, count);
            try
            {
                using var results = _session.Run(_runOptions, [input.Name], [value], [output]);
                return results[0].GetTensorTypeAndShape().Shape;
            }
            catch (OnnxRuntimeException e)
            {
                throw Failed(count, e);
            }
        }
    }

    private ModelException Failed(int count, OnnxRuntimeException e) =>
        new($"'{Path}' failed on a batch of {count}: {OneLine(e.Message)}", e);

    private static ReadOnlySpan<float> Rows(ReadOnlySpan<float> values, TensorForm form, int first, int count) =>
        values.Slice(first * form.RowSize, count * form.RowSize);

    /// <summary>Fewer rows than a model with a fixed batch takes: the rest of the batch is zeros, and its results are dropped.</summary>
    private void RunPart<TOut>(TensorForm input, ReadOnlySpan<float> from, TensorForm? second, ReadOnlySpan<float> fromSecond,
        TensorForm output, Span<TOut> to, int batch)
        where TOut : unmanaged
    {
        float[] filled = new float[batch * input.RowSize], filledSecond = new float[batch * (second?.RowSize ?? 0)];
        from.CopyTo(filled);
        fromSecond.CopyTo(filledSecond);
        var all = new TOut[batch * output.RowSize];
        RunBatch(input, filled, second, filledSecond, output, all, batch);
        all.AsSpan(0, to.Length).CopyTo(to);
    }

    private unsafe void RunBatch<TOut>(TensorForm input, ReadOnlySpan<float> from, TensorForm? second, ReadOnlySpan<float> fromSecond,
        TensorForm output, Span<TOut> to, int count)
        where TOut : unmanaged
    {
        var isFinite = 0f;
        fixed (float* source = from, sourceSecond = fromSecond)
        fixed (TOut* target = to)
        {
            using OrtValue sourceValue = Tensor(input, source, count), targetValue = Tensor(output, target, count);
            using var secondValue = second is null ? null : Tensor(second, sourceSecond, count);
            using var finiteValue = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [], (nint)(&isFinite), sizeof(float));
            var tellsFinite = Outputs.ContainsKey(FiniteOutput.Name);
            try
            {
                _session.Run(_runOptions,
                    second is null ? [input.Name] : [input.Name, second.Name],
                    secondValue is null ? [sourceValue] : [sourceValue, secondValue],
                    tellsFinite ? [output.Name, FiniteOutput.Name] : [output.Name],
                    tellsFinite ? [targetValue, finiteValue] : [targetValue]);
            }
            catch (OnnxRuntimeException e)
            {
                throw Failed(count, e);
            }
        }
        if (!float.IsFinite(isFinite)) throw NotFinite();
    }

    private void RequireFinite<TOut>(ReadOnlySpan<float> from, ReadOnlySpan<float> fromSecond, ReadOnlySpan<TOut> to) where TOut : unmanaged
    {
        if (typeof(TOut) != typeof(float) || FiniteValues.Are(MemoryMarshal.Cast<TOut, float>(to))) return;
        if (FiniteValues.Are(from) && FiniteValues.Are(fromSecond)) throw NotFinite();
        throw new ModelException($"'{Path}' was given numbers that are NaN or infinite, and its results are, too.");
    }

    private ModelException NotFinite() => new($"'{Path}' makes numbers that are NaN or infinite, as of a training that diverged; " +
        "train again from an earlier checkpoint, or export again.");

    private static unsafe OrtValue Tensor<T>(TensorForm form, T* start, int count) where T : unmanaged =>
        OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, form.Type, form.Shape(count), (nint)start, (long)count * form.RowSize * Unsafe.SizeOf<T>());
}
