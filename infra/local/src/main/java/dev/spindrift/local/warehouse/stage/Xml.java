package dev.spindrift.local.warehouse.stage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The little XML that S3 speaks. */
final class Xml {
    private Xml() {}

    static String element(String name, String text) {
        StringBuilder xml = new StringBuilder("<").append(name).append('>');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                default -> xml.append(c);
            }
        }
        return xml.append("</").append(name).append('>').toString();
    }

    /** The part numbers that a request to complete an upload names, in order. */
    static List<Integer> parts(byte[] request) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            NodeList numbers = factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(request))
                    .getElementsByTagName("PartNumber");
            List<Integer> parts = new ArrayList<>();
            for (int i = 0; i < numbers.getLength(); i++) {
                if (numbers.item(i) instanceof Element number) {
                    parts.add(Integer.valueOf(number.getTextContent().strip()));
                }
            }
            return parts;
        } catch (SAXException | ParserConfigurationException | NumberFormatException e) {
            throw new S3Failure(400, "MalformedXML", "The list of parts cannot be read");
        }
    }
}
