package dev.spindrift.udf.reference;

import java.util.Arrays;

/** The operations that encoders are made of, in double, on [tokens, numbers]. */
final class Arithmetic {
    private Arithmetic() {}

    /** x W^T + b, for W of [out, in] as Linear holds it. Without {@code module}.bias, b is 0. */
    static double[][] linear(double[][] x, ReferenceWeights weights, String module) {
        double[] weight = weights.get(module + ".weight");
        int in = x[0].length;
        int out = weight.length / in;
        double[] bias = weights.has(module + ".bias") ? weights.get(module + ".bias") : new double[out];
        double[][] y = new double[x.length][out];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < out; o++) {
                double sum = bias[o];
                for (int i = 0; i < in; i++) {
                    sum += x[t][i] * weight[o * in + i];
                }
                y[t][o] = sum;
            }
        }
        return y;
    }

    /** (x - mean) / sqrt(variance + epsilon) * weight + bias, each token by itself. */
    static double[][] layerNorm(double[][] x, ReferenceWeights weights, String module, double epsilon) {
        double[] scale = weights.get(module + ".weight");
        double[] bias = weights.has(module + ".bias") ? weights.get(module + ".bias") : new double[scale.length];
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double mean = sum(x[t]) / x[t].length;
            double squares = 0;
            for (double number : x[t]) {
                squares += (number - mean) * (number - mean);
            }
            double deviation = Math.sqrt(squares / x[t].length + epsilon);
            y[t] = new double[x[t].length];
            for (int i = 0; i < x[t].length; i++) {
                y[t][i] = (x[t][i] - mean) / deviation * scale[i] + bias[i];
            }
        }
        return y;
    }

    /** x / sqrt(mean square + epsilon) * scale, for each stretch of {@code scale.length} numbers of each token. */
    static double[][] rmsNorm(double[][] x, double[] scale, double epsilon) {
        int size = scale.length;
        double[][] y = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int from = 0; from < x[t].length; from += size) {
                double squares = 0;
                for (int i = from; i < from + size; i++) {
                    squares += x[t][i] * x[t][i];
                }
                double root = Math.sqrt(squares / size + epsilon);
                for (int i = 0; i < size; i++) {
                    y[t][from + i] = x[t][from + i] / root * scale[i];
                }
            }
        }
        return y;
    }

    static double[][] add(double[][] a, double[][] b) {
        double[][] sum = new double[a.length][a[0].length];
        for (int t = 0; t < a.length; t++) {
            for (int i = 0; i < a[t].length; i++) {
                sum[t][i] = a[t][i] + b[t][i];
            }
        }
        return sum;
    }

    /** Number by number. */
    static double[][] multiply(double[][] a, double[][] b) {
        double[][] product = new double[a.length][a[0].length];
        for (int t = 0; t < a.length; t++) {
            for (int i = 0; i < a[t].length; i++) {
                product[t][i] = a[t][i] * b[t][i];
            }
        }
        return product;
    }

    /** Columns {@code from} up to {@code to}, which is left out. */
    static double[][] columns(double[][] x, int from, int to) {
        double[][] part = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            part[t] = Arrays.copyOfRange(x[t], from, to);
        }
        return part;
    }

    /** An activation by the name that config.json gives it. */
    static double[][] activate(double[][] x, String name) {
        double[][] y = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                y[t][i] = activate(x[t][i], name);
            }
        }
        return y;
    }

    static double activate(double x, String name) {
        return switch (name) {
            case "gelu" -> x / 2 * Erf.erfc(-x / Math.sqrt(2));
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" ->
                x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case "relu" -> Math.max(x, 0);
            case "silu", "swish" -> x / (1 + Math.exp(-x));
            case "sigmoid" -> 1 / (1 + Math.exp(-x));
            case "tanh" -> Math.tanh(x);
            case "identity" -> x;
            default -> throw new IllegalArgumentException("No activation is called " + name + ".");
        };
    }

    /** Shares that add up to 1; a score of minus infinity gets none. */
    static double[] softmax(double[] scores) {
        double most = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            most = Math.max(most, score);
        }
        double[] shares = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            shares[i] = Math.exp(scores[i] - most);
        }
        double all = sum(shares);
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= all;
        }
        return shares;
    }

    static double sum(double[] numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number;
        }
        return sum;
    }
}
